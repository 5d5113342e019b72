import { isSame } from '../../signing/canonicalJson.ts';
import {
  INVARIANTS,
  MAY_GO_UNOBSERVED,
  OBJECTIVES_INVARIANT,
  REGRESSION_INVARIANT,
  UPGRADE_INVARIANTS,
  observedOf,
} from '../../model/invariants.ts';
import { isPlacedOn } from '../../model/placement.ts';
import { ranOf } from './placement.ts';
import { CLOCK_STEP_MS, held, type Claims, type Rule } from './rule.ts';

export const judgesEveryInvariant: Rule = function* ({ invariants, plan }) {
  const needed: string[] = [
    ...INVARIANTS,
    ...(plan.upgrade === undefined ? [] : UPGRADE_INVARIANTS),
    ...(plan.failOnObjectives === true ? [OBJECTIVES_INVARIANT] : []),
    ...(plan.failOnRegression === true ? [REGRESSION_INVARIANT] : []),
  ];
  const names = invariants.map(({ name }) => name);
  if (isSame(names, needed)) return;
  yield `It must judge each of these invariants once: ${needed.join(', ')}.`;
};

/** Whether there was nothing to look at for an invariant; absent: every run has something. */
const NOTHING_THERE: Record<string, (claims: Claims) => boolean> = {
  'runs-signed-content': (claims) =>
    claims.nodes.every(({ nodeId, isHealthy }) => !isHealthy || !runsContent(claims, nodeId)),
  converged: ({ nodes }) => nodes[0]?.isHealthy !== true,
  'every-version-verified': ({ nodes, plan }) =>
    !plan.params.verifySignatures ||
    nodes.every(({ report }) => report.phases.every(({ name }) => name !== 'start')),
  'upgraded-runs-signed-content': ({ nodes, plan }) =>
    plan.world === 'real' && nodes.every(({ isHealthy }) => !isHealthy),
  'way-back': ({ upgrade }) => upgrade?.report.waves.every(({ to }) => to === 'new') !== false,
  [OBJECTIVES_INVARIANT]: ({ evidence }) => evidence.indicators.length === 0,
};

/** Whether a healthy node has services that were packed: of programs of the machine there is no content to compare. */
function runsContent({ plan, services, programs }: Claims, nodeId: string): boolean {
  return (
    services === undefined ||
    services.some(
      (name) => programs?.has(name) !== true && isPlacedOn(plan.placement, name, nodeId),
    )
  );
}

/** A pass must not rest on what nobody looked at. */
export const observesWhatItCan: Rule = function* (claims) {
  for (const invariant of claims.invariants) {
    if (observedOf(invariant) !== 'not-observed' || MAY_GO_UNOBSERVED.includes(invariant.name)) {
      continue;
    }
    const isNothingThere = NOTHING_THERE[invariant.name];
    if (isNothingThere?.(claims) === true) continue;
    const who = isNothingThere === undefined ? 'every run observes' : 'this run could observe';
    yield `It says that "${invariant.name}" was not observed, which ${who}.`;
  }
};

/** What ran on when a run was sealed was not searched for what it left. */
export const heldNodesAreNotSearched: Rule = function* (claims) {
  const { evidence, plan } = claims;
  if (!('held' in evidence) || evidence.held === undefined) return;
  if (plan.world === 'virtual') {
    yield 'It says that its nodes were held up, but no process runs in virtual time.';
  }
  if (held(claims, 'no-process-left')) {
    yield 'It says that its nodes were held up and ran on, and yet that no process was left.';
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
  const { nodes, plan, upgrade } = claims;
  if (plan.world !== 'virtual' || !held(claims, 'runs-signed-content')) return;
  for (const [node, { nodeId, isHealthy }] of nodes.entries()) {
    const ranNew = upgrade === undefined || upgrade.replay.targets.at(-1)?.[node] === 'new';
    if (isHealthy && ranNew && plan.drift.some(({ node }) => node === nodeId)) {
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

/** The sentence of `converged`, of nodes whose services were asked. */
const ASKED =
  /all (\d+) reachable nodes are healthy: each of their (\d+) services .* from (\d+) to (\d+) ms/;

/** Of services that were not asked, since they had ended well by then. */
const ONE_SHOTS =
  /all (\d+) reachable nodes .*their (\d+) one-shot services had exited with code 0/;

/** Health that was asked before the last fault was over says nothing about it. */
export const healthIsAskedLast: Rule = function* (claims) {
  const { evidence, invariants, nodes, plan, lastedMs } = claims;
  const told = invariants.find(({ name }) => name === 'converged')?.details ?? '';
  if (!held(claims, 'converged')) return;
  const numbers = ASKED.exec(told);
  const [, reachable, oneShots = 0] = ONE_SHOTS.exec(told) ?? [];
  if (plan.world === 'virtual' && (numbers !== null || reachable !== undefined)) {
    yield 'It says that services were asked, or had ended, but none runs in virtual time.';
  }
  if (numbers === null) {
    if (reachable !== undefined) yield* servicesFit(claims, Number(reachable), 0, Number(oneShots));
    return;
  }
  const [asked = 0, services = 0, from = 0, to = 0] = numbers.slice(1).map(Number);
  const healthy = nodes.filter(({ isHealthy }) => isHealthy).length;
  if (asked > healthy) {
    yield `It says that ${asked} nodes were asked and healthy; by their reports ${healthy} are healthy.`;
  }
  yield* servicesFit(claims, asked, services, Number(oneShots));
  if (from > to || to > lastedMs + CLOCK_STEP_MS) {
    yield `It says that health was asked from ${from} to ${to} ms of a run of ${lastedMs} ms.`;
  }
  const lastFaultMs = ('faults' in evidence ? evidence.faults : [])
    .flatMap(({ firedAt, endedAt }) => [firedAt ?? [], endedAt ?? []].flat())
    .map((time) => Date.parse(time) - Date.parse(evidence.result.startedAt))
    .reduce((last, one) => Math.max(last, one), 0);
  if (from + CLOCK_STEP_MS < lastFaultMs) {
    yield `It says that health was asked at ${from} ms, before the last fault was over at ${lastFaultMs} ms.`;
  }
};

/** What was asked, or had ended well, is what ran on the nodes that are healthy. */
function* servicesFit(
  claims: Claims,
  asked: number,
  running: number,
  oneShots: number,
): Iterable<string> {
  const services = running + oneShots;
  const ended = oneShots === 0 ? '' : ', or had exited with code 0';
  const ran = ranOf(claims);
  if (ran === undefined) {
    if (services >= asked && services % asked === 0) return;
    yield `It says that ${asked} nodes have ${services} services, but all have the same ones.`;
    return;
  }
  const healthy = claims.nodes.filter(({ isHealthy }) => isHealthy).map(({ nodeId }) => nodeId);
  const counts = ran
    .filter(({ nodeId }) => healthy.includes(nodeId))
    .reduce((sum, node) => sum + node.services.length, 0);
  const fits = asked === healthy.length ? services === counts : services <= counts;
  if (!fits) {
    yield `It says that ${services} services of ${asked} nodes were asked${ended}, but ${counts} ran on the nodes that are healthy.`;
  }
}

export const judgementsAreExplained: Rule = function* ({ invariants }) {
  for (const { name, details } of invariants) {
    if (details === '') yield `It does not say why it judged "${name}" as it did.`;
  }
};
