/**
 * A histogram of times with bounded memory and a relative error below 1 %: 64 steps per power of two of whole µs, as in
 * HdrHistogram. What was counted in which order does not matter, so equal runs give equal quantiles.
 */
const STEPS = 64;
const LOG_STEPS = 6;
/** 2^26 µs is 67 s, above any delay a plan may ask for. */
const POWERS = 26;

function bucketOf(us: number): number {
  if (us < STEPS) return us;
  const power = 31 - Math.clz32(us);
  const shift = power - LOG_STEPS;
  return (shift + 1) * STEPS + ((us >>> shift) - STEPS);
}

/** The middle of a bucket, in µs. */
function valueOf(bucket: number): number {
  if (bucket < STEPS) return bucket;
  const shift = Math.floor(bucket / STEPS) - 1;
  const low = ((bucket % STEPS) + STEPS) * 2 ** shift;
  return low + (2 ** shift - 1) / 2;
}

/** How far a quantile may be from what was counted: a share of it, and a step; and the largest it can be, ms. */
export const SKETCH = {
  error: 1 / (2 * STEPS),
  stepMs: 0.001,
  mostMs: 2 ** POWERS / 1000,
} as const;

export class QuantileSketch {
  /** Grows with the largest value seen: most sketches stay small. */
  #counts = new Uint32Array(0);
  #total = 0;

  /** `ms` may be negative or too large: it is counted at the nearest end. */
  add(ms: number): void {
    const us = Math.min(Math.max(Math.round(ms * 1000), 0), 2 ** POWERS - 1);
    const bucket = bucketOf(us);
    if (bucket >= this.#counts.length) this.#grow(bucket + 1);
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1;
    this.#total += 1;
  }

  #grow(atLeast: number): void {
    const grown = new Uint32Array(Math.ceil(atLeast / STEPS) * STEPS);
    grown.set(this.#counts);
    this.#counts = grown;
  }

  /** In ms with 3 decimals; null when nothing was counted. */
  quantiles(): { p50: number; p90: number; p99: number } | null {
    if (this.#total === 0) return null;
    return { p50: this.#at(0.5), p90: this.#at(0.9), p99: this.#at(0.99) };
  }

  #at(share: number): number {
    const rank = Math.max(1, Math.ceil(share * this.#total));
    let seen = 0;
    for (let bucket = 0; bucket < this.#counts.length; bucket++) {
      seen += this.#counts[bucket] ?? 0;
      if (seen >= rank) return Math.round(valueOf(bucket)) / 1000;
    }
    return 0;
  }
}
