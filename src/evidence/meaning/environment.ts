import { isDegraded } from '../../network/timingBudget.ts';
import type { Rule } from './rule.ts';

/** How each world carries packets. */
const FIDELITY = { virtual: 'virtual', real: 'datagram' } as const;

export const fidelityIsTheWorlds: Rule = function* ({ evidence, plan }) {
  const { fidelity } = evidence.environment;
  if (fidelity !== FIDELITY[plan.world]) {
    yield `Its plan is for the ${plan.world} world, but its network is said to be "${fidelity}".`;
  }
};

export const degradedFollows: Rule = function* ({ evidence }) {
  const { network, environment } = evidence;
  const degraded = isDegraded(network);
  if (degraded === environment.degraded) return;
  yield degraded
    ? 'Its timing error exceeds the budget, but it does not say that it is degraded.'
    : 'It says that it is degraded, but its timing error is within the budget.';
};

/** Secrets are given to services, and none runs in virtual time. */
export const virtualTimeHasNoSecrets: Rule = function* ({ evidence, plan }) {
  if (plan.world === 'virtual' && evidence.environment.envFingerprint !== undefined) {
    yield 'It has a fingerprint of secrets, but no service runs in virtual time.';
  }
};

export const virtualTimeIsolatesNothing: Rule = function* ({ evidence, plan }) {
  const { isolation = 'none' } = evidence.environment;
  if (plan.world === 'virtual' && isolation !== 'none') {
    yield 'It says that its nodes were isolated, but no service runs in virtual time.';
  }
};

export const environmentIsNamed: Rule = function* ({ evidence }) {
  const { os, arch, node, product } = evidence.environment;
  if ([os, arch, node, product].includes('')) {
    yield 'It does not name its system, architecture, Node.js and product.';
  }
};
