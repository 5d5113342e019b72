import type { MeshEvent } from '../../src/model/events.ts';
import { nodeIndexOf } from '../../src/model/nodeIds.ts';

/** One check of the Capsule's signature: `to` verified what `from` handed on. */
export interface Hop {
  readonly from: number;
  readonly to: number;
  /** ms since the run began. */
  readonly at: number;
  readonly status: 'valid' | 'invalid' | 'unchecked';
}

/** The hops between two nodes, in order; n0's check of the store's own copy is none. */
export function hopsOf(events: readonly MeshEvent[]): Hop[] {
  const hops: Hop[] = [];
  for (const event of events) {
    if (event.type !== 'hop' || event.from === event.nodeId) continue;
    const { at, status } = event;
    hops.push({ from: nodeIndexOf(event.from), to: nodeIndexOf(event.nodeId), at, status });
  }
  return hops;
}

/** By node, whom it first took the Capsule from: the tree the rollout ran along. */
export function parentsOf(hops: readonly Hop[], nodes: number): (number | undefined)[] {
  const parents = new Array<number | undefined>(nodes).fill(undefined);
  for (const { from, to, status } of hops) {
    if (status !== 'invalid' && to !== 0) parents[to] ??= from;
  }
  return parents;
}
