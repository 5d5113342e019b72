import { delayParts, type WayDelay } from '../model/linkSpec.ts';
import type { Delay } from '../model/topology.ts';

/** A delay in ms for the draw `u` in [0, 1). `v` is a second, independent draw. */
export type DelayDraw = (u: number, v: number) => number;

/** A standard normal number from two uniform ones (Box and Muller, 1958). */
function standardNormal(u: number, v: number): number {
  return Math.sqrt(-2 * Math.log(1 - u)) * Math.cos(2 * Math.PI * v);
}

/** Linear interpolation between evenly spaced quantiles. */
function fromQuantiles(quantiles: readonly number[], u: number): number {
  const position = u * (quantiles.length - 1);
  const index = Math.floor(position);
  const low = quantiles[index] ?? 0;
  const high = quantiles[index + 1] ?? low;
  return low + (high - low) * (position - index);
}

/** Whether `delayDraw` looks at its second draw, so that a caller can spare it. */
export function needsSecondDraw(delay: Delay): boolean {
  return delay.kind === 'log-normal';
}

export function delayDraw(delay: Delay): DelayDraw {
  switch (delay.kind) {
    case 'constant':
      return () => delay.ms;
    case 'uniform':
      return (u) => delay.minMs + u * (delay.maxMs - delay.minMs);
    case 'log-normal':
      return (u, v) =>
        delay.shiftMs + delay.medianMs * Math.exp(delay.sigma * standardNormal(u, v));
    case 'quantiles':
      return (u) => fromQuantiles(delay.ms, u);
  }
}

/** ms; `most` of a distribution without an end is what no draw of 32 bits exceeds. */
export interface DelayRange {
  readonly least: number;
  readonly most: number;
}

/** Box and Muller's √(−2 ln u) for the least u above 0 that a draw of 32 bits can be is 6.66. */
const FARTHEST_NORMAL = 6.7;

/** All that a way can draw, one draw for each of its parts. */
export function delayRange(delay: WayDelay): DelayRange {
  const ranges = delayParts(delay).map(partRange);
  return {
    least: ranges.reduce((sum, { least }) => sum + least, 0),
    most: ranges.reduce((sum, { most }) => sum + most, 0),
  };
}

function partRange(delay: Delay): DelayRange {
  switch (delay.kind) {
    case 'constant':
      return { least: delay.ms, most: delay.ms };
    case 'uniform':
      return {
        least: Math.min(delay.minMs, delay.maxMs),
        most: Math.max(delay.minMs, delay.maxMs),
      };
    case 'log-normal': {
      const spread = (normal: number) =>
        delay.shiftMs + delay.medianMs * Math.exp(delay.sigma * normal);
      return { least: spread(-FARTHEST_NORMAL), most: spread(FARTHEST_NORMAL) };
    }
    case 'quantiles':
      return { least: Math.min(...delay.ms), most: Math.max(...delay.ms) };
  }
}
