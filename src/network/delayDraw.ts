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
