import { nodeIdOf } from '../../model/nodeIds.ts';
import type { Drift } from '../../model/plan.ts';
import type { VirtualNode } from './virtualNode.ts';

/** How the rolled out content of a node differs from what was signed, one sentence; empty: it does not. */
export function differenceOf(node: VirtualNode, drift: Drift | undefined): string {
  const nodeId = nodeIdOf(node.index);
  if (drift !== undefined) {
    return `${nodeId} runs service "${drift.service}" at commit ${drift.commit}, which is not what was signed.`;
  }
  return node.tainted ? `${nodeId} runs content a neighbour had altered.` : '';
}
