import type { LinkTable } from '../network/linkTable.ts';

export interface ShortestPaths {
  /** By node, expected one-way delay from the start in ms; Infinity: unreachable. */
  readonly delayMs: Float64Array;
  /** By node, the one before it on the path; -1 for the start and unreachable nodes. */
  readonly previous: Int32Array;
}

/** Shortest paths by expected delay, over links that go both ways (Bellman–Ford with a queue). */
export function shortestPaths(table: LinkTable, start: number): ShortestPaths {
  const delayMs = new Float64Array(table.nodes).fill(Infinity);
  const previous = new Int32Array(table.nodes).fill(-1);
  const queued = new Uint8Array(table.nodes);
  delayMs[start] = 0;
  const queue = [start];
  for (const node of queue) {
    queued[node] = 0;
    for (const next of table.neighboursOf(node)) {
      const link = table.modelOf(node, next)?.meanDelayMs ?? Infinity;
      const through = (delayMs[node] ?? Infinity) + link;
      if (through >= (delayMs[next] ?? Infinity)) continue;
      delayMs[next] = through;
      previous[next] = node;
      if (queued[next] === 1) continue;
      queued[next] = 1;
      queue.push(next);
    }
  }
  return { delayMs, previous };
}

/** By destination, the neighbour of `node` on a shortest path; -1 for itself and the unreachable. */
export function nextHopsFrom(table: LinkTable, node: number): number[] {
  const { previous } = shortestPaths(table, node);
  return Array.from({ length: table.nodes }, (_, destination) => {
    let at = destination;
    while (previous[at] !== -1 && previous[at] !== node) at = previous[at] ?? node;
    return previous[at] === node ? at : -1;
  });
}
