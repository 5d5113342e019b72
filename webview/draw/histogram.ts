import { binMiddle } from '../run/latencyBins.ts';

export interface HistogramBar {
  /** Lower edge, ms; bars are equally wide. */
  readonly from: number;
  readonly count: number;
  /** True: all of it is above the configured maximum. */
  readonly isLate: boolean;
}

export interface HistogramScale {
  /** The configured range, ms. */
  readonly min: number;
  readonly max: number;
  /** Right end, ms: what took longer is in the last bar. */
  readonly end: number;
}

/** The configured maximum stands at three quarters of the width. */
const BEYOND = 4 / 3;
/** Where the configured range is 0 ms there is still something to draw on. */
const LEAST_END_MS = 10;

export function histogramScale([min, max]: readonly [number, number]): HistogramScale {
  return { min, max, end: Math.max(LEAST_END_MS, Math.ceil((max * BEYOND) / 10) * 10) };
}

/**
 * Counts of latencies in equally wide bars from 0 to the end of the scale, with an edge at the configured maximum.
 * @param bins counts by the bins of latencyBins.ts
 */
export function histogramBars(
  bins: Uint32Array,
  scale: HistogramScale,
  bars: number,
): HistogramBar[] {
  const width = scale.end / bars;
  const counts = new Array<number>(bars).fill(0);
  bins.forEach((count, bin) => {
    if (count === 0) return;
    const bar = Math.min(bars - 1, Math.floor(binMiddle(bin) / width));
    counts[bar] = (counts[bar] ?? 0) + count;
  });
  return counts.map((count, bar) => ({
    from: bar * width,
    count,
    isLate: bar * width >= scale.max,
  }));
}

/** Share of the width at which a latency stands, 0 to 1. */
export function shareOf({ end }: HistogramScale, ms: number): number {
  return Math.min(1, Math.max(0, ms / end));
}
