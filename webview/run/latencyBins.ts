/**
 * Bins of latencies: 0.25 ms wide up to 32 ms, above that 128 to each doubling. A value taken for the middle of
 * its bin is wrong by at most 0.125 ms, or 0.4 % above 32 ms.
 */

const FINE_MS = 0.25;
const PER_DOUBLING = 128;
const FINE_END_MS = FINE_MS * PER_DOUBLING;
/** Longer flights are counted in the last bin: the longest delay a plan may ask for is 60 s. */
const DOUBLINGS = 12;

export const BINS = PER_DOUBLING * (DOUBLINGS + 1);

/** @param ms a latency, not negative */
export function binOf(ms: number): number {
  if (ms < FINE_END_MS) return Math.max(0, Math.floor(ms / FINE_MS));
  const doubling = Math.floor(Math.log2(ms / FINE_END_MS));
  if (doubling >= DOUBLINGS) return BINS - 1;
  const share = ms / (FINE_END_MS * 2 ** doubling) - 1;
  return Math.min(BINS - 1, PER_DOUBLING * (1 + doubling) + Math.floor(share * PER_DOUBLING));
}

/** The middle of a bin in ms. */
export function binMiddle(bin: number): number {
  if (bin < PER_DOUBLING) return (bin + 0.5) * FINE_MS;
  const doubling = Math.floor(bin / PER_DOUBLING) - 1;
  const share = ((bin % PER_DOUBLING) + 0.5) / PER_DOUBLING;
  return FINE_END_MS * 2 ** doubling * (1 + share);
}

/** Nearest rank; undefined where nothing was counted. @param counts of each bin @param total their sum */
export function quantileOf(counts: Uint32Array, total: number, q: number): number | undefined {
  if (total === 0) return undefined;
  const rank = Math.max(1, Math.ceil(q * total));
  let below = 0;
  for (let bin = 0; bin < counts.length; bin += 1) {
    below += counts[bin] ?? 0;
    if (below >= rank) return binMiddle(bin);
  }
  return undefined;
}
