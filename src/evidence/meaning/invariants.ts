import { isSame } from '../../signing/canonicalJson.ts';
import {
  INVARIANTS,
  MAY_GO_UNOBSERVED,
  OBJECTIVES_INVARIANT,
  REGRESSION_INVARIANT,
  observedOf,
} from '../../model/invariants.ts';
import { held, type Rule } from './rule.ts';

export const judgesEveryInvariant: Rule = function* ({ invariants, plan }) {
  const needed: string[] = [
    ...INVARIANTS,
    ...(plan.failOnObjectives === true ? [OBJECTIVES_INVARIANT] : []),
    ...(plan.failOnRegression === true ? [REGRESSION_INVARIANT] : []),
  ];
  const names = invariants.map(({ name }) => name);
  if (isSame(names, needed)) return;
  yield `It must judge each of these invariants once: ${needed.join(', ')}.`;
};

/** A pass must not rest on what nobody looked at. */
export const observesWhatItCan: Rule = function* ({ invariants }) {
  for (const invariant of invariants) {
    const isUnseen = observedOf(invariant) === 'not-observed';
    if (isUnseen && !MAY_GO_UNOBSERVED.includes(invariant.name)) {
      yield `It says that "${invariant.name}" was not observed, which every run observes.`;
    }
  }
};

/** Without chaos nothing can be unexercised: what is not converged then is a node that is not healthy. */
export const convergenceFollows: Rule = function* (claims) {
  const { nodes, planned } = claims;
  const hasCause = planned === undefined || planned.schedule.length > 0;
  if (hasCause || held(claims, 'converged') || nodes.some(({ isHealthy }) => !isHealthy)) return;
  yield 'It says that the mesh did not converge, but every node is healthy and there was no chaos.';
};

/** In virtual time a drifted node that ran anything ran what was not signed. */
export const driftShows: Rule = function* (claims) {
  const { nodes, plan } = claims;
  if (plan.world !== 'virtual' || !held(claims, 'runs-signed-content')) return;
  for (const { nodeId, isHealthy } of nodes) {
    if (isHealthy && plan.drift.some(({ node }) => node === nodeId)) {
      yield `${nodeId} was offered other commits and became healthy, and yet is said to have run the signed content.`;
    }
  }
};

/** The sentence of `refused-never-relayed` repeats a count. */
const REFUSED = /^(\d+) manifests and chunks were refused/;

export const refusalsAddUp: Rule = function* ({ evidence, invariants }) {
  const told = invariants.find(({ name }) => name === 'refused-never-relayed');
  const count = REFUSED.exec(told?.details ?? '')?.[1];
  const refused = evidence.recovery.reduce((sum, node) => sum + node.refused, 0);
  if (count !== undefined && Number(count) !== refused) {
    yield `It says that ${count} manifests and chunks were refused; by node they are ${refused}.`;
  }
};

export const judgementsAreExplained: Rule = function* ({ invariants }) {
  for (const { name, details } of invariants) {
    if (details === '') yield `It does not say why it judged "${name}" as it did.`;
  }
};
