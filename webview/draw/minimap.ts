import type { PacketHistogram } from '../run/packetHistogram.ts';
import type { TimeWindow } from '../run/timeWindow.ts';
import { xOf } from './laneScale.ts';
import type { DrawTheme } from './theme.ts';

const BAR_PX = 3;
/** The least that is seen: a single lost packet in a run of thousands. */
const LEAST_PX = 1.5;
const HANDLE = { width: 3, height: 8 };

export interface MinimapPicture {
  readonly width: number;
  readonly height: number;
  readonly histogram: PacketHistogram;
  readonly whole: TimeWindow;
  /** What the lanes show. */
  readonly window: TimeWindow;
  /** ms. */
  readonly t: number;
}

/** All of a run at a glance: packets over time, late and dropped ones on top, and the stretch the lanes show. */
export function paintMinimap(
  ctx: CanvasRenderingContext2D,
  { width, height, histogram, whole, window, t }: MinimapPicture,
  theme: DrawTheme,
): void {
  ctx.fillStyle = theme.bg;
  ctx.fillRect(0, 0, width, height);
  ctx.fillStyle = theme.grid;
  ctx.fillRect(0, 0, width, height);
  const bars = histogram.bars(Math.max(1, Math.floor(width / BAR_PX)), whole.to);
  const most = bars.reduce((max, bar) => Math.max(max, bar.fine + bar.late + bar.dropped), 1);
  const tall = (count: number): number =>
    count === 0 ? 0 : Math.max(LEAST_PX, (count / most) * (height - 3));
  bars.forEach(({ fine, late, dropped }, index) => {
    let y = height;
    for (const [count, colour] of [
      [fine, theme.info],
      [late, theme.late],
      [dropped, theme.err],
    ] as const) {
      y -= tall(count);
      ctx.fillStyle = colour;
      ctx.fillRect(index * BAR_PX, y, BAR_PX - 1, tall(count));
    }
  });
  const scale = { ...whole, width };
  paintBrush(ctx, height, [xOf(scale, window.from), xOf(scale, window.to)], width, theme);
  ctx.fillStyle = theme.fg;
  ctx.fillRect(Math.min(Math.round(xOf(scale, t)), width - 1), 0, 1, height);
}

function paintBrush(
  ctx: CanvasRenderingContext2D,
  height: number,
  [left, right]: readonly [number, number],
  width: number,
  theme: DrawTheme,
): void {
  ctx.fillStyle = theme.bg;
  ctx.globalAlpha = 0.62;
  ctx.fillRect(0, 0, left, height);
  ctx.fillRect(right, 0, width - right, height);
  ctx.globalAlpha = 1;
  ctx.strokeStyle = theme.fg3;
  ctx.lineWidth = 1;
  ctx.strokeRect(
    Math.round(left) + 0.5,
    0.5,
    Math.max(2, Math.round(right - left) - 1),
    height - 1,
  );
  ctx.fillStyle = theme.fg2;
  const top = (height - HANDLE.height) / 2;
  for (const x of [left, right - HANDLE.width]) {
    ctx.fillRect(Math.round(x), top, HANDLE.width, HANDLE.height);
  }
}
