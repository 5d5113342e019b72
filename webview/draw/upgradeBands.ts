import type { UpgradeSpans, WaveSpan, WindowSpan } from '../run/upgradeSpans.ts';
import { laneY, xOf, type LaneScale } from './laneScale.ts';
import { VERSION_LINE } from './laneVersions.ts';
import type { DrawTheme } from './theme.ts';
import { wordsOf } from './waveWords.ts';

type Ctx = CanvasRenderingContext2D;

/** Above the ruler: the windows of an upgrade. */
export const WINDOW_STRIP = 18;
const STRIP = { top: 1, height: 15 } as const;
const TEXT_INSET = 5;
/** A label of a wave stands between the upper edge of its lane and the bar. */
const LABEL_HEIGHT = 13;

const WINDOW_COLOURS: Record<WindowSpan['window'], 'boot' | 'vio' | 'late' | 'ok'> = {
  before: 'boot',
  mixed: 'vio',
  'rolled-back': 'late',
  after: 'ok',
};

/** What nodes run as a whole, from window to window, each in its words. @param now nothing later is drawn, ms */
export function paintWindows(
  ctx: Ctx,
  windows: readonly WindowSpan[],
  scale: LaneScale,
  now: number,
  theme: DrawTheme,
): void {
  for (const { window, start, end } of windows) {
    const left = Math.max(-1, xOf(scale, start));
    const right = Math.min(scale.width + 1, xOf(scale, Math.min(end, now)));
    if (right - left < 1) continue;
    const colour = theme[WINDOW_COLOURS[window]];
    const width = right - left - 1;
    ctx.fillStyle = colour;
    ctx.globalAlpha = theme.tint;
    ctx.fillRect(left, STRIP.top, width, STRIP.height);
    ctx.globalAlpha = 1;
    if (theme.isHighContrast) {
      ctx.strokeStyle = colour;
      ctx.lineWidth = 1;
      ctx.strokeRect(left + 0.5, STRIP.top + 0.5, Math.max(0, width - 1), STRIP.height - 1);
    } else ctx.fillRect(left, STRIP.top, 2, STRIP.height);
    const from = Math.max(0, left) + TEXT_INSET;
    if (from + ctx.measureText(window).width + 2 > right) continue;
    paintText(ctx, window, from, STRIP.top + STRIP.height / 2 + 0.5, theme);
  }
}

/** On the lanes of the nodes that are moved, for as long as their wave takes. @param now nothing later is drawn, ms */
export function paintWaves(
  ctx: Ctx,
  waves: readonly WaveSpan[],
  scale: LaneScale,
  now: number,
  theme: DrawTheme,
): void {
  for (const wave of waves) {
    const area = extentOf(wave, scale, now);
    if (area === undefined) continue;
    for (const node of wave.nodes) {
      const y = laneY(scale, node) - scale.laneHeight / 2;
      ctx.fillStyle = wave.hasFailed ? theme.err : theme.accent;
      ctx.globalAlpha = theme.tint / 2.4;
      ctx.fillRect(area.left, y, area.width, scale.laneHeight);
      ctx.globalAlpha = theme.isHighContrast ? 1 : 0.55;
      ctx.strokeStyle = ctx.fillStyle;
      ctx.lineWidth = 1;
      ctx.strokeRect(area.left + 0.5, y + 0.5, Math.max(1, area.width - 1), scale.laneHeight - 1);
      ctx.globalAlpha = 1;
    }
  }
}

/** In the uppermost lane of each wave, in the longest words that fit; lanes that are low have no room. */
export function paintWaveLabels(
  ctx: Ctx,
  waves: readonly WaveSpan[],
  scale: LaneScale,
  now: number,
  theme: DrawTheme,
): void {
  if ((scale.laneHeight - scale.barHeight) / 2 < LABEL_HEIGHT) return;
  for (const wave of waves) {
    const area = extentOf(wave, scale, now);
    if (area === undefined) continue;
    const left = Math.max(0, area.left) + 3;
    const room = area.left + area.width - left;
    const words = wordsOf(wave).find((one) => ctx.measureText(one).width <= room);
    if (words === undefined) continue;
    const y = laneY(scale, Math.min(...wave.nodes)) - scale.laneHeight / 2 + 8;
    paintText(ctx, words, left, y, theme);
  }
}

/** Where it lies; undefined: not in what is shown. */
function extentOf(
  { start, end, nodes }: WaveSpan,
  scale: LaneScale,
  now: number,
): { readonly left: number; readonly width: number } | undefined {
  if (start > now || end < scale.from || start > scale.to || nodes.length === 0) return undefined;
  const left = Math.round(xOf(scale, start));
  return { left, width: Math.max(2, Math.round(xOf(scale, Math.min(end, now))) - left) };
}

/** Lanes this low have no room below the bar, or little. */
const NO_ROOM = 38;
const LITTLE_ROOM = 46;
const CHECK_RADIUS = { usual: 5, little: 4 } as const;
const CHECK_GAP = 2;
/** Nearer ones stand for all of them: one that did not pass is drawn last, and stays. */
const APART_PX = 8;

/** Where a check of the product came to its end: a disc with a check, a cross or a bar. @param now nothing later is drawn, ms */
export function paintChecks(
  ctx: Ctx,
  checks: UpgradeSpans['checks'],
  scale: LaneScale,
  now: number,
  theme: DrawTheme,
): void {
  const radius = scale.laneHeight < LITTLE_ROOM ? CHECK_RADIUS.little : CHECK_RADIUS.usual;
  const foot = scale.barHeight / 2 + VERSION_LINE.gap + VERSION_LINE.height;
  const below = scale.laneHeight < NO_ROOM ? 0 : foot + CHECK_GAP + radius;
  const rank = { passed: 0, unfinished: 1, failed: 2 } as const;
  const shown = checks
    .filter(({ at }) => at <= now && at >= scale.from && at <= scale.to)
    .toSorted((left, right) => rank[left.status] - rank[right.status]);
  const lastX = new Map<number, number>();
  for (const { at, node, status } of shown) {
    const x = xOf(scale, at);
    const isNear = Math.abs(x - (lastX.get(node) ?? -Infinity)) < APART_PX;
    if (isNear && status === 'passed') continue;
    lastX.set(node, x);
    paintCheck(ctx, { x, y: laneY(scale, node) + below, radius }, status, theme);
  }
}

function paintCheck(
  ctx: Ctx,
  { x, y, radius }: { readonly x: number; readonly y: number; readonly radius: number },
  status: UpgradeSpans['checks'][number]['status'],
  theme: DrawTheme,
): void {
  const colour = { passed: theme.ok, failed: theme.err, unfinished: theme.warn }[status];
  ctx.fillStyle = theme.bg;
  ctx.strokeStyle = colour;
  ctx.lineWidth = 1.3;
  ctx.beginPath();
  ctx.arc(x, y, radius, 0, 2 * Math.PI);
  ctx.fill();
  ctx.stroke();
  ctx.beginPath();
  if (status === 'passed') {
    ctx.moveTo(x - 2.4, y + 0.1);
    ctx.lineTo(x - 0.6, y + 1.9);
    ctx.lineTo(x + 2.5, y - 1.8);
  } else if (status === 'failed') {
    ctx.moveTo(x - 2, y - 2);
    ctx.lineTo(x + 2, y + 2);
    ctx.moveTo(x + 2, y - 2);
    ctx.lineTo(x - 2, y + 2);
  } else {
    ctx.moveTo(x - 2.6, y);
    ctx.lineTo(x + 2.6, y);
  }
  ctx.stroke();
}

function paintText(ctx: Ctx, text: string, x: number, y: number, theme: DrawTheme): void {
  ctx.fillStyle = theme.fg;
  ctx.textBaseline = 'middle';
  ctx.textAlign = 'left';
  ctx.fillText(text, x, y);
}
