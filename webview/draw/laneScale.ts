import type { TimeWindow } from '../run/timeWindow.ts';

/** Where lanes lie, in CSS pixels. */
export interface LaneScale extends TimeWindow {
  readonly width: number;
  /** Height of the axis above the first lane. */
  readonly top: number;
  readonly laneHeight: number;
  readonly barHeight: number;
  readonly nodes: number;
}

/** Curves leave and reach a bar this far from it. */
const GAP = 1;
/** Clear of the neighbours' labels. */
const MIN_LABEL_PX = 64;

export function xOf({ width, from, to }: TimeWindow & { readonly width: number }, ms: number) {
  return ((ms - from) / (to - from)) * width;
}

export function msAt({ width, from, to }: TimeWindow & { readonly width: number }, x: number) {
  return from + (x / width) * (to - from);
}

/** The middle of a node's bar. */
export function laneY({ top, laneHeight }: LaneScale, node: number): number {
  return top + laneHeight * (node + 0.5);
}

export function heightOf({ top, laneHeight, nodes }: LaneScale): number {
  return top + laneHeight * nodes;
}

/** Where curves between two lanes start and end: the edges that face each other. */
export function edgesOf(scale: LaneScale, from: number, to: number): [number, number] {
  const away = (scale.barHeight / 2 + GAP) * (to > from ? 1 : -1);
  return [laneY(scale, from) + away, laneY(scale, to) - away];
}

/** Times of axis labels: steps of 1, 2 or 5 times a power of ten ms, at least 64 pixels apart. */
export function axisSteps({ width, from, to }: TimeWindow & { readonly width: number }): number[] {
  const step = stepOf(((to - from) / Math.max(1, width)) * MIN_LABEL_PX);
  const ticks: number[] = [];
  for (let tick = Math.ceil(from / step); tick * step <= to; tick += 1) ticks.push(tick * step);
  return ticks;
}

function stepOf(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  return [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= least) ?? least;
}

/** As many decimals as tell one step from the next. */
export function axisLabel(ms: number, ticks: readonly number[]): string {
  const step = (ticks[1] ?? 1_000) - (ticks[0] ?? 0);
  const decimals = Math.max(0, Math.min(3, 3 - Math.floor(Math.log10(step) + 1e-9)));
  return `${(ms / 1_000).toFixed(decimals)} s`;
}
