import { axisLabel, axisSteps, heightOf, laneY, xOf, type LaneScale } from './laneScale.ts';
import { paintHatch } from './marks.ts';
import type { DrawTheme } from './theme.ts';

const HATCH_PX = 9;
/** A label this near an edge is set beside it rather than across it. */
const EDGE_PX = 14;

/** What lies below packets and bars: the axis, its lines, and a line of life for every node. */
export function paintBackdrop(
  ctx: CanvasRenderingContext2D,
  scale: LaneScale,
  theme: DrawTheme,
): void {
  const height = heightOf(scale);
  const ticks = axisSteps(scale);
  ctx.lineWidth = 1;
  ctx.strokeStyle = theme.grid;
  ctx.beginPath();
  for (const ms of ticks) {
    const x = Math.round(xOf(scale, ms)) + 0.5;
    ctx.moveTo(x, scale.top - 6);
    ctx.lineTo(x, height);
  }
  ctx.stroke();
  ctx.strokeStyle = theme.grid2;
  ctx.beginPath();
  for (let node = 0; node < scale.nodes; node += 1) {
    const y = Math.round(laneY(scale, node)) + 0.5;
    ctx.moveTo(0, y);
    ctx.lineTo(scale.width, y);
  }
  ctx.stroke();
  ctx.fillStyle = theme.fg3;
  ctx.textBaseline = 'alphabetic';
  for (const ms of ticks) {
    const x = xOf(scale, ms);
    ctx.textAlign = x < EDGE_PX ? 'left' : x > scale.width - EDGE_PX ? 'right' : 'center';
    ctx.fillText(axisLabel(ms, ticks), Math.min(Math.max(x, 0), scale.width), scale.top - 11);
  }
}

/** No data yet, from `live` (ms) on. */
export function paintFuture(
  ctx: CanvasRenderingContext2D,
  scale: LaneScale,
  live: number,
  theme: DrawTheme,
): void {
  const x = Math.max(0, xOf(scale, live));
  if (x >= scale.width) return;
  const y = scale.top - 6;
  const area = { x, y, width: scale.width - x, height: heightOf(scale) - y };
  ctx.fillStyle = theme.bg;
  ctx.fillRect(area.x, area.y, area.width, area.height);
  ctx.strokeStyle = theme.grid;
  ctx.lineWidth = 1;
  paintHatch(ctx, area, HATCH_PX);
}
