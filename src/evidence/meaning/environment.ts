import { isDegraded } from '../../model/timingBudget.ts';
import { CONTAINED } from '../../model/invariants.ts';
import type { Plan } from '../../model/plan.ts';
import type { Rule } from './rule.ts';

/** How each world can carry packets. */
const FIDELITIES: Readonly<Record<Plan['world'], readonly string[]>> = {
  virtual: ['virtual'],
  real: ['datagram', 'kernel'],
};

export const fidelityIsTheWorlds: Rule = function* ({ evidence, plan }) {
  const { fidelity } = evidence.environment;
  if (!FIDELITIES[plan.world].includes(fidelity)) {
    yield `Its plan is for the ${plan.world} world, but its network is said to be "${fidelity}".`;
  }
};

export const degradedFollows: Rule = function* ({ evidence }) {
  const { network, environment } = evidence;
  const degraded = isDegraded(evidence);
  if (degraded === environment.degraded) return;
  const dropped = ('services' in network ? network.services?.uncontrolled : 0) ?? 0;
  const why =
    dropped > 0
      ? `The machine dropped ${dropped} packets of services that its plan does not lose`
      : 'Its timing error exceeds the budget';
  yield degraded
    ? `${why}, but it does not say that it is degraded.`
    : 'It says that it is degraded, but its timing error is within the budget.';
};

/** Secrets are given to services, and none runs in virtual time. */
export const virtualTimeHasNoSecrets: Rule = function* ({ evidence, plan }) {
  if (plan.world === 'virtual' && evidence.environment.envFingerprint !== undefined) {
    yield 'It has a fingerprint of secrets, but no service runs in virtual time.';
  }
};

export const environmentIsNamed: Rule = function* ({ evidence }) {
  const { os, arch, node, product } = evidence.environment;
  if ([os, arch, node, product].includes('')) {
    yield 'It does not name its system, architecture, Node.js and product.';
  }
};

/** Where services were kept apart from the machine, and what follows from it. */
export const isolationIsPossible: Rule = function* ({ evidence, invariants, plan }) {
  const { isolation, isolationLimit, os } = evidence.environment;
  if (isolation !== undefined && plan.world === 'virtual') {
    yield `It says that its services had isolation "${isolation}", but no service runs in virtual time.`;
  } else if (isolation !== undefined && isolation !== 'none' && os !== 'linux') {
    yield `It says that its services had isolation "${isolation}", which only Linux gives, and that it ran on ${os}.`;
  }
  if (isolationLimit !== undefined && (isolation ?? 'full') === 'full') {
    yield 'It says why its services were not isolated further, but names no isolation that has more above it.';
  }
  const left = invariants.find(({ name }) => name === 'no-process-left');
  if (isolation !== 'full' && left?.details.includes(CONTAINED) === true) {
    yield `It says that no process could be left, which takes isolation "full", but names ${isolation === undefined ? 'none' : `"${isolation}"`}.`;
  }
};
