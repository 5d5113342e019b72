import type { RunView } from '../../../src/model/runView.ts';
import type { SegmentKind } from '../../run/laneSegments.ts';

export type NodeState = RunView['nodes'][number];

/** What a node does, as its lane, its cell and its place in the topology show it. */
export function kindOf({ state, phase }: NodeState): SegmentKind | 'waiting' {
  if (state === 'ready') return 'healthy';
  if (state === 'crashed') return 'down';
  if (state === 'halted' || state === 'failed') return state;
  if (state === 'waiting') return 'waiting';
  return phase;
}

export function stateOf(node: NodeState): string {
  if (node.state === 'ready') return 'healthy';
  if (node.state === 'crashed') return 'down';
  if (node.state !== 'up') return node.state;
  if (node.phase === 'receive' && node.chunksTotal > 0) {
    return `receive ${node.chunksHave}/${node.chunksTotal}`;
  }
  return node.phase === 'boot' && node.crashes > 0 ? 'boot, restarted' : node.phase;
}

/** How far a node is in its phase, 0 to 1. */
export function progressOf(node: NodeState): number {
  if (node.state === 'ready') return 1;
  if (node.state !== 'up') return 0;
  if (node.phase === 'receive') return node.chunksHave / Math.max(1, node.chunksTotal);
  return node.phase === 'start' || node.phase === 'healthy' ? 0.9 : 0.15;
}
