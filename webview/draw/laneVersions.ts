import type { VersionSpan } from '../run/upgradeSpans.ts';
import { laneY, xOf, type LaneScale } from './laneScale.ts';
import type { DrawTheme } from './theme.ts';

/** Under each bar of an upgrade: what the node runs. Ticks stand below it. */
export const VERSION_LINE = { gap: 1, height: 4 } as const;

/** Hollow: the old Capsule; filled: the new one. Nothing where the node runs nothing yet. @param now nothing later is drawn, ms */
export function paintVersions(
  ctx: CanvasRenderingContext2D,
  spans: readonly VersionSpan[],
  node: number,
  scale: LaneScale,
  now: number,
  theme: DrawTheme,
): void {
  const y = laneY(scale, node) + scale.barHeight / 2 + VERSION_LINE.gap;
  for (const { version, start, end } of spans) {
    if (start > now || end < scale.from || start > scale.to) continue;
    const x = Math.round(xOf(scale, start));
    const width = Math.max(1, Math.round(xOf(scale, Math.min(end, now))) - x - 1);
    if (version === 'new') {
      ctx.fillStyle = theme.accent;
      ctx.fillRect(x, y, width, VERSION_LINE.height);
    } else {
      ctx.strokeStyle = theme.fg2;
      ctx.lineWidth = 1;
      ctx.strokeRect(x + 0.5, y + 0.5, Math.max(0, width - 1), VERSION_LINE.height - 1);
    }
  }
}
