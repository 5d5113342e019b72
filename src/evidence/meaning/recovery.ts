import { nodeIdOf } from '../../model/nodeIds.ts';
import type { Fault } from '../../model/plan.ts';
import { held, type Claims, type Rule } from './rule.ts';
import type { PlannedRun } from './plannedRun.ts';

export const recoveryNamesEveryNode: Rule = function* ({ evidence, result }) {
  const { recovery } = evidence;
  const isComplete =
    recovery.length === result.params.nodes &&
    recovery.every(({ nodeId }, index) => nodeId === nodeIdOf(index));
  if (!isComplete) {
    yield `Recovery must name n0 to ${nodeIdOf(result.params.nodes - 1)} once each, in order.`;
  }
};

function killsOf(
  schedule: readonly Fault[],
  nodeId: string,
): { restartAfterMs?: number | undefined }[] {
  return schedule.flatMap(({ do: effect }) =>
    'kill' in effect && effect.kill === nodeId ? [effect] : [],
  );
}

/** Only chaos kills; what dies by itself has failed. When every fault has fired, each kill of a node that lives was a crash. */
export const crashesAreKills: Rule = function* (claims) {
  const { nodes, planned } = claims;
  if (planned === undefined) return;
  for (const { nodeId, crashes, isHealthy } of nodes) {
    const kills = killsOf(planned.schedule, nodeId).length;
    if (crashes > kills) {
      yield `${nodeId} is said to have crashed ${crashes} times; the plan kills it ${kills} times.`;
    }
    if (held(claims, 'converged') && isHealthy && crashes < kills) {
      yield `The plan kills ${nodeId} ${kills} times, all chaos is said to have been exercised, and yet it crashed ${crashes} times.`;
    }
  }
};

/** The next life of a node needs a crash and a restart; a node that crashed and is healthy had one. */
export const livesFollowCrashes: Rule = function* ({ nodes, planned }) {
  if (planned === undefined) return;
  for (const { nodeId, lives, crashes, isHealthy } of nodes) {
    const kills = killsOf(planned.schedule, nodeId);
    const restarts = kills.filter(({ restartAfterMs }) => restartAfterMs !== undefined).length;
    const most = 1 + Math.min(crashes, restarts);
    if (lives.length > most) {
      yield `${nodeId} booted ${lives.length} times, with ${crashes} crashes and ${restarts} restarts in the plan.`;
    }
    if (isHealthy && crashes > 0 && lives.length < 2) {
      yield `${nodeId} crashed and is healthy, but did not boot again.`;
    }
  }
};

export const whatIsKeptSurvivedACrash: Rule = function* ({ nodes }) {
  for (const { nodeId, recovery, crashes } of nodes) {
    if (crashes > 0 || recovery === undefined) continue;
    if (recovery.kept > 0) yield `${nodeId} kept chunks over a crash it did not have.`;
    if (recovery.redelivered > 0) {
      yield `${nodeId} received chunks again that it lost in a crash it did not have.`;
    }
  }
};

/** Chunks that a node kept, got again or refused reached it over its links first; n0 has its own from its host. */
export const whatIsHeldCame: Rule = function* ({ nodes, evidence }) {
  for (const { nodeId, recovery } of nodes) {
    if (recovery === undefined) continue;
    const links = evidence.network.links.filter(({ to }) => to === nodeId);
    const delivered = links.reduce((sum, link) => sum + link.delivered, 0);
    const damaged = links.reduce((sum, link) => sum + link.dropped, 0);
    const { kept, redelivered, refused } = recovery;
    const held = nodeId === 'n0' ? redelivered : Math.max(kept, redelivered);
    if (held > delivered) {
      yield `${nodeId} holds ${held} chunks of ${delivered} packets that were delivered to it.`;
    }
    if (refused > delivered + damaged) {
      yield `${nodeId} refused ${refused} of ${delivered + damaged} packets that arrived or were damaged.`;
    }
  }
};

/** A node refuses what a link to it damaged, and what somebody altered; honest nodes and links give no reason to. */
function mayRefuse(
  { schedule, table, variantsOf }: PlannedRun,
  { plan }: Claims,
  node: number,
): boolean {
  if (plan.drift.length > 0) return true;
  if (schedule.some(({ do: effect }) => 'byzantine' in effect)) return true;
  return table.neighboursOf(node).some((from) => variantsOf(from, node)?.mayCorrupt === true);
}

export const refusalsHaveACause: Rule = function* (claims) {
  const { planned, nodes } = claims;
  if (planned === undefined) return;
  for (const [node, { nodeId, recovery }] of nodes.slice(0, planned.table.nodes).entries()) {
    if ((recovery?.refused ?? 0) > 0 && !mayRefuse(planned, claims, node)) {
      yield `${nodeId} is said to have refused content, but nothing in the plan alters or damages any.`;
    }
  }
};
