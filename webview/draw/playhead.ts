import { heightOf, xOf, type LaneScale } from './laneScale.ts';
import type { DrawTheme } from './theme.ts';

/** Opacity of the veil over what had not happened yet at a past instant: it can be made out, and is not mistaken for now. */
const VEIL = 0.72;
/** Its flag covers the ruler, which stands right above the lanes. */
const FLAG = { height: 17, inset: 6, above: 25 };

/** The instant that is shown. Of a past one, what came after it is veiled. */
export function paintPlayhead(
  ctx: CanvasRenderingContext2D,
  scale: LaneScale,
  { t, isPast }: { readonly t: number; readonly isPast: boolean },
  theme: DrawTheme,
): void {
  const x = xOf(scale, t);
  const height = heightOf(scale);
  if (isPast && x < scale.width) {
    const left = Math.max(0, x);
    ctx.fillStyle = theme.bg;
    ctx.globalAlpha = VEIL;
    ctx.fillRect(left, scale.top - 6, scale.width - left, height);
    ctx.globalAlpha = 1;
  }
  if (x < -1 || x > scale.width + 1) return;
  ctx.fillStyle = theme.fg;
  ctx.fillRect(Math.min(Math.round(x), scale.width - 1), 0, 1, height);
  const top = scale.top - FLAG.above;
  const text = `${(t / 1_000).toFixed(3)} s`;
  ctx.font = `600 ${theme.font}`;
  const width = ctx.measureText(text).width + 2 * FLAG.inset;
  const left = Math.min(Math.max(x - width / 2, 0), scale.width - width);
  ctx.beginPath();
  ctx.roundRect(left, top, width, FLAG.height, 2);
  ctx.fill();
  ctx.fillStyle = theme.bg;
  ctx.textAlign = 'left';
  ctx.textBaseline = 'middle';
  ctx.fillText(text, left + FLAG.inset, top + FLAG.height / 2 + 0.5);
  ctx.font = theme.font;
}
