import type { StatedLink } from '../../src/model/evidence.ts';

/** Signed quantiles and the shares of packets between them. The last per cent is not drawn: no one signed where it ends. */
const SHARES = [
  ['p50', 0.5],
  ['p90', 0.4],
  ['p99', 0.09],
] as const;

/**
 * How the latencies of all links spread, as far as the signed quantiles of each tell: packets between two quantiles are taken
 * to be spread evenly. Any evidence has them, so two runs compare alike, wherever they were made.
 * @param from where a link's latencies begin, ms: the configured minimum
 * @param end right end of the last bar, ms; what is later is in it
 * @returns per bar, its share of the delivered packets, 0 to 1
 */
export function latencyShape(
  links: readonly StatedLink[],
  { from, end, bars }: { readonly from: number; readonly end: number; readonly bars: number },
): number[] {
  const shape = new Array<number>(bars).fill(0);
  const delivered = links.reduce((sum, link) => sum + link.delivered, 0);
  for (const { achievedMs, delivered: count } of links) {
    if (achievedMs === null || delivered === 0) continue;
    let low = Math.min(from, achievedMs.p50);
    for (const [quantile, share] of SHARES) {
      spread(
        shape,
        (bars * low) / end,
        (bars * achievedMs[quantile]) / end,
        (share * count) / delivered,
      );
      low = achievedMs[quantile];
    }
  }
  return shape;
}

/** Adds `amount` evenly between two places, in bars. */
function spread(shape: number[], low: number, high: number, amount: number): void {
  const last = shape.length - 1;
  const first = Math.min(last, Math.floor(low));
  const length = high - low;
  for (let bar = first; bar <= Math.min(last, Math.floor(high)); bar += 1) {
    const top = bar === last ? Infinity : bar + 1;
    const part = Math.min(high, top) - Math.max(low, bar);
    shape[bar] = (shape[bar] ?? 0) + (length <= 0 ? amount : (amount * part) / length);
    if (length <= 0) return;
  }
}
