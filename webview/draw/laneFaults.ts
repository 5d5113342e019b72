import type { FaultStretch } from '../run/faultSpans.ts';
import { laneY, xOf, type LaneScale } from './laneScale.ts';
import { paintHatch, paintWarning } from './marks.ts';
import type { DrawTheme } from './theme.ts';

type Ctx = CanvasRenderingContext2D;

/** The phase's colour goes on above what a fault does in it. */
const PHASE_EDGE = 2;
const HATCH_PX = 5;
/** Clear of the mark at its left end. */
const TEXT_INSET = 13;
/** The mark is told from its neighbours', and does not cover a stretch that is narrower. */
const LEAST_FOR_MARK = 12;

/** What faults did to services of one node, on its bar: hatched, with a mark and the words that fit. @param now nothing later is drawn, ms */
export function paintFaults(
  ctx: Ctx,
  stretches: readonly FaultStretch[],
  node: number,
  scale: LaneScale,
  now: number,
  theme: DrawTheme,
): void {
  const y = laneY(scale, node) - scale.barHeight / 2 + PHASE_EDGE;
  const height = scale.barHeight - PHASE_EDGE;
  for (const { start, end, words } of stretches) {
    if (start > now || end < scale.from || start > scale.to) continue;
    const x = xOf(scale, start);
    const width = Math.max(2, xOf(scale, Math.min(end, now)) - x);
    paintStretch(ctx, { x, y, width, height }, theme);
    const left = Math.max(x, 0);
    const room = x + width - left;
    if (room < LEAST_FOR_MARK) continue;
    if (x >= 0) paintWarning(ctx, x + 6, y + height / 2, theme);
    paintLabel(
      ctx,
      words,
      left + (x >= 0 ? TEXT_INSET : 4),
      { y, height, right: x + width },
      theme,
    );
  }
}

function paintStretch(
  ctx: Ctx,
  area: { readonly x: number; readonly y: number; readonly width: number; readonly height: number },
  theme: DrawTheme,
): void {
  const { x, y, width, height } = area;
  ctx.fillStyle = theme.bg;
  ctx.fillRect(x, y, width, height);
  ctx.fillStyle = theme.late;
  ctx.globalAlpha = theme.tint / 2;
  ctx.fillRect(x, y, width, height);
  ctx.strokeStyle = theme.late;
  ctx.lineWidth = 1;
  ctx.globalAlpha = theme.isHighContrast ? 1 : 0.45;
  paintHatch(ctx, area, HATCH_PX);
  ctx.globalAlpha = 1;
  ctx.strokeRect(x + 0.5, y + 0.5, Math.max(0, width - 1), height - 1);
}

/** The first of the words that fit, if any do. */
function paintLabel(
  ctx: Ctx,
  words: readonly string[],
  x: number,
  bar: { readonly y: number; readonly height: number; readonly right: number },
  theme: DrawTheme,
): void {
  const fit = words.find((one) => x + ctx.measureText(one).width + 7 <= bar.right);
  if (fit === undefined) return;
  ctx.fillStyle = theme.bg;
  ctx.fillRect(x, bar.y + 1, ctx.measureText(fit).width + 5, bar.height - 2);
  ctx.fillStyle = theme.fg;
  ctx.textBaseline = 'middle';
  ctx.textAlign = 'left';
  ctx.fillText(fit, x + 2, bar.y + bar.height / 2 + 0.5);
}
