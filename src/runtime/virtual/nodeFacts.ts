import type { NodeFacts } from '../../mesh/invariants.ts';
import { nodeIdOf } from '../../model/nodeIds.ts';
import { differenceOf } from './contentDifference.ts';
import type { VirtualRehearsal } from './rehearsal.ts';
import type { VirtualNode } from './virtualNode.ts';

/** Nodes that can work together with n0 now. */
function reachableNodes({ world, compiled }: VirtualRehearsal): Uint8Array {
  const reached = new Uint8Array(world.nodes.length);
  const queue = world.nodes[0]?.isUp === true ? [0] : [];
  if (queue.length > 0) reached[0] = 1;
  for (const node of queue) {
    for (const next of compiled.trees.neighboursOf(node)) {
      if (reached[next] === 1 || world.nodes[next]?.isUp !== true) continue;
      if (world.emulator.isCut(node, next) || world.emulator.isCut(next, node)) continue;
      reached[next] = 1;
      queue.push(next);
    }
  }
  return reached;
}

/** Null when it ran nothing, empty when it ran the signed content, else a sentence. */
function contentProblem(rehearsal: VirtualRehearsal, node: VirtualNode): string | null {
  if (!node.ranServices) return null;
  // What it ran before the upgrade was there, and no neighbour's.
  return node.runs === 'old' ? '' : differenceOf(node, rehearsal.driftOf(node.index));
}

/** What was observed of every node, for the invariants. */
export function nodeFacts(rehearsal: VirtualRehearsal): NodeFacts[] {
  const reachable = reachableNodes(rehearsal);
  return rehearsal.world.nodes.map((node) => {
    const problem = contentProblem(rehearsal, node);
    return {
      nodeId: nodeIdOf(node.index),
      healthy: node.status === 'ready',
      reachable: reachable[node.index] === 1,
      verifiedBeforeStart: !node.startedUnverified,
      runsSignedContent: problem === null ? null : problem === '',
      ...(problem === null || problem === '' ? {} : { contentDetails: problem }),
      comparedAtEnd: true,
      relayedRefused: node.relayedRefused,
      refused: node.refused,
    };
  });
}
