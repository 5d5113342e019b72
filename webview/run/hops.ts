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

/** Hops as they are drawn: no two of one kind over each other. */
export interface DrawnHops {
  /** The hop by which each node first took the Capsule, and each one that was refused. */
  readonly main: readonly Hop[];
  /** Between nodes that no main hop joins: they verified each other's copy too. */
  readonly further: readonly Hop[];
}

export function drawnHops(hops: readonly Hop[]): DrawnHops {
  const taken = new Set<number>();
  const refused = new Set<string>();
  const main = hops.filter(({ from, to, status }) => {
    const isNew = status === 'invalid' ? !refused.has(`${from} ${to}`) : !taken.has(to);
    if (status === 'invalid') refused.add(`${from} ${to}`);
    else taken.add(to);
    return isNew;
  });
  const joined = new Set(main.map(pairOf));
  const further = hops.filter((hop) => {
    const isNew = !joined.has(pairOf(hop));
    joined.add(pairOf(hop));
    return isNew;
  });
  return { main, further };
}

function pairOf({ from, to }: Hop): string {
  return from < to ? `${from} ${to}` : `${to} ${from}`;
}
