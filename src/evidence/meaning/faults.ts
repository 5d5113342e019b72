import { leastSpanMs } from '../../model/faultSpan.ts';
import { firstStartOf, type NodeClaims } from './nodeClaims.ts';
import { judgedLinks, type JudgedLink } from './network.ts';
import { CLOCK_STEP_MS, held, type Claims, type Rule } from './rule.ts';
import { migrationMoment, momentOf } from './upgradeMoments.ts';

/**
 * What a schedule must have left behind when every fault is said to have fired, which is what `converged` says when it held.
 * That the schedule names nodes of the mesh is checked with the plan.
 */

/** The least ms from the start of the run to each fault; Infinity: it cannot have fired. */
function earliestTimes({ nodes, result, planned, upgrade }: Claims): number[] {
  const startedAt = Date.parse(result.startedAt);
  const times: number[] = [];
  for (const { when } of planned?.schedule ?? []) {
    if ('atMs' in when) times.push(when.atMs);
    else if ('phase' in when) {
      const node = nodes.find(({ nodeId }) => nodeId === when.node);
      const began = node === undefined ? undefined : firstStartOf(node, when.phase);
      times.push(began === undefined ? Infinity : began - startedAt - CLOCK_STEP_MS);
    } else if ('migrates' in when) {
      times.push(migrationMoment(when, nodes) - startedAt - CLOCK_STEP_MS);
    } else if (!('afterFault' in when)) {
      times.push(momentOf(when, upgrade));
    } else {
      const before = planned?.schedule[when.afterFault];
      const over =
        (times[when.afterFault] ?? Infinity) + (before === undefined ? 0 : leastSpanMs(before.do));
      times.push(over + when.delayMs);
    }
  }
  return times;
}

export const faultsFallIntoTheRun: Rule = function* (claims) {
  if (!held(claims, 'converged')) return;
  const late = earliestTimes(claims).flatMap((ms, index) =>
    ms > claims.lastedMs + CLOCK_STEP_MS ? [index] : [],
  );
  for (const index of late) {
    yield `All chaos is said to have been exercised, but fault ${index} cannot have fired in this run.`;
  }
};

function lastBootOf({ lives }: NodeClaims): number {
  return Date.parse(lives.at(-1)?.[0]?.start ?? '');
}

/** A node that was killed and is healthy booted after the kill. */
export const restartsComeAfterKills: Rule = function* (claims) {
  const { nodes, planned, result } = claims;
  if (planned === undefined || !held(claims, 'converged')) return;
  const times = earliestTimes(claims);
  for (const node of nodes.filter(({ isHealthy }) => isHealthy)) {
    const kills = times.filter((_, index) => {
      const effect = planned.schedule[index]?.do;
      return effect !== undefined && 'kill' in effect && effect.kill === node.nodeId;
    });
    const bootedAt = lastBootOf(node) - Date.parse(result.startedAt) + CLOCK_STEP_MS;
    if (kills.some((killedAt) => killedAt > bootedAt)) {
      yield `${node.nodeId} is healthy, but did not boot after the plan killed it.`;
    }
  }
};

/** Every packet came as it was sent. Where doubles are delivered too, one of them may stand for a packet that is still under way. */
function isWhole({ report, variants }: JudgedLink): boolean {
  const { sent, delivered, dropped, unreachable } = report;
  return !variants.mayDouble && dropped === 0 && delivered + unreachable >= sent;
}

/** Of chunks that are damaged from the start, a node that received its content got one: it is among the packets that died. */
export const damageShows: Rule = function* (claims) {
  const { nodes, planned } = claims;
  if (planned === undefined || !held(claims, 'converged')) return;
  for (const { when, do: effect } of planned.schedule) {
    if (!('corruptChunks' in effect) || !('atMs' in when) || when.atMs > 0) continue;
    const { to } = effect.corruptChunks;
    const node = nodes.find(({ nodeId }) => nodeId === to);
    if (to === 'n0' || node?.isHealthy !== true || node.crashes > 0) continue;
    const links = judgedLinks(claims).filter(({ report }) => report.to === to);
    if (links.length > 0 && links.every(isWhole))
      yield `Chunks to ${to} were to be damaged, but every packet to it arrived whole.`;
  }
};
