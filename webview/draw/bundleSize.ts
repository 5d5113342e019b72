import type { LaneScale } from './laneScale.ts';

/** More curves than this cost a frame and show no more. */
const MOST_CURVES = 600;
const LEAST_PX = 14;
/** Sums are of so long. */
const SUM_MS = 100;

/** Two pixels, and one and a half more for each ten times as many packets a second above ten. */
export function bundleWidth(packetsPerSecond: number): number {
  return Math.min(8, Math.max(1.5, 0.5 + 1.5 * Math.log10(Math.max(1, packetsPerSecond))));
}

/** How long a stretch is that has a curve of its own: a power of two times that of the sums. */
export function stretchOf({ from, to, width }: LaneScale, links: number): number {
  const most = Math.max(4, Math.min(width / LEAST_PX, MOST_CURVES / Math.max(1, links)));
  return SUM_MS * 2 ** Math.max(0, Math.ceil(Math.log2((to - from) / most / SUM_MS)));
}
