import { LISTED_NODES, type LinkTable } from '../network/linkTable.ts';
import { shortestPaths } from './paths.ts';

export interface LowerBound {
  readonly ms: number;
  readonly model: 'unlimited' | 'uplink' | 'link';
}

/** The farthest node's expected one-way delay from n0, in ms, and how many links away the farthest is. */
function eccentricity(table: LinkTable, neighboursListed: boolean): { ms: number; hops: number } {
  if (!neighboursListed) {
    let ms = 0;
    for (let node = 1; node < table.nodes; node++) {
      ms = Math.max(ms, table.modelOf(0, node)?.meanDelayMs ?? 0);
    }
    return { ms, hops: 1 };
  }
  const { delayMs, previous } = shortestPaths(table, 0);
  let hops = 0;
  for (let node = 0; node < table.nodes; node++) {
    let count = 0;
    for (let at = node; (previous[at] ?? -1) !== -1; at = previous[at] ?? -1) count += 1;
    hops = Math.max(hops, count);
  }
  return { ms: delayMs.reduce((most, ms) => Math.max(most, ms), 0), hops };
}

/**
 * Bar-Noy and Kipnis' F_λ: how many nodes know a message t sending times after one began, when a message takes
 * λ sending times to arrive: F(t) = F(t − 1) + F(t − λ), F(t) = 1 for t < λ. Returns the least t with F(t) ≥ n.
 */
function postalTime(lambda: number, nodes: number): number {
  const delay = Math.max(1, Math.round(lambda));
  const known: number[] = [];
  for (let t = 0; ; t++) {
    const count = t < delay ? 1 : (known[t - 1] ?? 1) + (known[t - delay] ?? 1);
    known.push(count);
    if (count >= nodes) return t;
  }
}

function meanLossOf(table: LinkTable): number {
  return table.modelOf(0, table.complete ? 1 : (table.neighboursOf(0)[0] ?? 1))?.meanLoss ?? 0;
}

/** Every node's uplink sends at one rate; each chunk has to leave n0 once, and then spread. */
function uplinkBound(table: LinkTable, chunks: number, tau: number, delay: number, loss: number) {
  const lambda = 1 + delay / tau;
  return tau * (chunks / (1 - loss) - 1) + tau * postalTime(lambda, table.nodes);
}

/** n0 can feed as many chunks at a time as there are edge-disjoint trees from it: at most its neighbours. */
function linkBound(
  trees: number,
  chunks: number,
  tau: number,
  farthest: { ms: number; hops: number },
  loss: number,
): number {
  return (chunks * tau) / (trees * (1 - loss)) + farthest.ms + (farthest.hops - 1) * tau;
}

/**
 * T_LB, in ms: what spreading chunks of these sizes (bytes) from n0 to all nodes takes at least, by expected delays.
 * Formulas and their sources: docs/network.md.
 */
export function lowerBound(table: LinkTable, chunkBytes: readonly number[]): LowerBound {
  const { model, bitsPerMs } = table.bandwidth;
  const listed = !table.complete || table.nodes <= LISTED_NODES;
  const farthest = eccentricity(table, listed);
  if (model === 'unlimited' || chunkBytes.length === 0) {
    return { ms: farthest.ms, model: 'unlimited' };
  }
  const meanBytes = chunkBytes.reduce((sum, bytes) => sum + bytes, 0) / chunkBytes.length;
  const tau = (meanBytes * 8) / bitsPerMs;
  const loss = Math.min(meanLossOf(table), 0.99);
  const degree = table.complete ? table.nodes - 1 : table.neighboursOf(0).length;
  const ms =
    model === 'uplink'
      ? uplinkBound(table, chunkBytes.length, tau, farthest.ms / farthest.hops, loss)
      : linkBound(degree, chunkBytes.length, tau, farthest, loss);
  return { ms: Math.max(ms, farthest.ms), model };
}
