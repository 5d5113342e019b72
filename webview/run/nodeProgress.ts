import type { MeshEvent } from '../../src/model/events.ts';
import { nodeIndexOf } from '../../src/model/nodeIds.ts';
import type { NodeView } from '../../src/model/runView.ts';

/** How far a node is in what it does now. */
export interface NodeProgress {
  readonly kind:
    'boot' | 'verify' | 'receive' | 'start' | 'healthy' | 'down' | 'halted' | 'stopped';
  /** 0 to 1 of the phase. */
  readonly share: number;
  /** Such as "15/24"; empty where nothing is counted. */
  readonly count: string;
}

/** @param services healthy services of the node, and how many it is to start */
export function nodeProgress(
  node: NodeView,
  services: { readonly healthy: number; readonly total: number },
): NodeProgress {
  switch (node.state) {
    case 'crashed':
      return { kind: 'down', share: 1, count: '' };
    case 'halted':
    case 'failed':
      return { kind: 'halted', share: 1, count: '' };
    case 'ready':
      return { kind: 'healthy', share: 1, count: '' };
    case 'stopped':
      return { kind: 'stopped', share: 0, count: '' };
    case 'waiting':
    case 'up':
      return inPhase(node, services);
  }
}

function inPhase(
  node: NodeView,
  { healthy, total }: { readonly healthy: number; readonly total: number },
): NodeProgress {
  const { phase, chunksHave, chunksTotal } = node;
  if (phase === 'receive' && chunksTotal > 0) {
    return counted('receive', chunksHave, chunksTotal);
  }
  if ((phase === 'start' || phase === 'healthy') && total > 0) {
    return counted('start', healthy, total);
  }
  if (phase === 'healthy') return { kind: 'start', share: 1, count: '' };
  return { kind: phase, share: phase === 'verify' ? 1 : 0, count: '' };
}

function counted(kind: NodeProgress['kind'], have: number, total: number): NodeProgress {
  return { kind, share: Math.min(1, have / total), count: `${have}/${total}` };
}

/** "receive 15/24", for a person who does not see the ring. */
export function progressText({ kind, count }: NodeProgress): string {
  return count === '' ? kind : `${kind} ${count}`;
}

/** By node, its services that were healthy `t` ms after the run began, and all that any node has started by now. */
export function healthyServices(
  events: readonly MeshEvent[],
  nodes: number,
  t: number,
): { readonly healthy: readonly number[]; readonly total: number } {
  const healthy = Array.from({ length: nodes }, () => new Set<string>());
  const names = new Set<string>();
  for (const event of events) {
    if (event.type === 'service') names.add(event.service);
    if (event.at > t) continue;
    if (event.type === 'service') {
      const own = healthy[nodeIndexOf(event.nodeId)];
      if (event.status === 'healthy') own?.add(event.service);
      else if (event.status !== 'building' && event.status !== 'built') own?.delete(event.service);
    } else if (event.type === 'node' && event.status === 'crashed') {
      healthy[nodeIndexOf(event.nodeId)]?.clear();
    }
  }
  return { healthy: healthy.map(({ size }) => size), total: names.size };
}
