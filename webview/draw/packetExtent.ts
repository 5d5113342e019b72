import type { TimeWindow } from '../run/timeWindow.ts';
import { msAt, type LaneScale } from './laneScale.ts';

/** Above either, curves run into one another and cost more than they tell. */
const DENSE_PER_PX = 2;
const DENSE_COUNT = 1_200;
/** Whether so many packets on so many pixels are better told by density than one by one. */
export function isDense(count: number, width: number): boolean {
  return count > DENSE_COUNT || count > width * DENSE_PER_PX;
}

/** The stretch a sheet for this view holds: three times what is in view, within the run. */
export function stretchFor(view: LaneScale, whole: TimeWindow): TimeWindow {
  const span = view.to - view.from;
  const from = Math.max(Math.min(whole.from, view.from), view.from - span);
  const to = Math.min(Math.max(whole.to, view.to), view.to + span);
  return { from, to };
}

/** Milliseconds a pixel stands for. */
export function grainOf(scale: LaneScale): number {
  return msAt(scale, 1) - msAt(scale, 0);
}
