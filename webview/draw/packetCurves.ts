import type { PacketClass } from '../run/packetClass.ts';
import type { PacketStore } from '../run/packetStore.ts';
import type { LaneScale } from './laneScale.ts';
import { paintCross, paintDiamond } from './marks.ts';
import { className, curveOf, STRAIGHT_PX, type Curve } from './packetCurve.ts';
import type { DrawTheme } from './theme.ts';

type Ctx = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;

/** One giant path is a trap for a software rasteriser: 50,000 curves took 35 s in one stroke. */
export const CURVES_PER_STROKE = 128;
interface Stroke {
  readonly colour: keyof DrawTheme;
  readonly width: number;
  readonly alpha: number;
  /** In high contrast, where thin grey is not to be seen. */
  readonly strongAlpha: number;
  readonly dash: readonly number[];
}

const DROPPED: Stroke = { colour: 'err', width: 1.2, alpha: 0.85, strongAlpha: 1, dash: [] };

const STROKES: Record<PacketClass, Stroke> = {
  chunk: { colour: 'info', width: 1.15, alpha: 0.8, strongAlpha: 0.9, dash: [] },
  control: { colour: 'vio', width: 1.25, alpha: 0.9, strongAlpha: 1, dash: [] },
  ack: { colour: 'info', width: 1, alpha: 0.3, strongAlpha: 0.7, dash: [] },
  probe: { colour: 'fg3', width: 1, alpha: 0.2, strongAlpha: 0.3, dash: [] },
  late: { colour: 'late', width: 1.4, alpha: 1, strongAlpha: 1, dash: [4, 2.5] },
  lost: DROPPED,
  corrupt: DROPPED,
  cut: DROPPED,
  dead: DROPPED,
};

function traceCurve(ctx: Ctx, { x0, y0, x1, y1 }: Curve): void {
  const middle = (y0 + y1) / 2;
  ctx.moveTo(x0, y0);
  if (x1 - x0 < STRAIGHT_PX) ctx.lineTo(x1, y1);
  else ctx.bezierCurveTo(x0, middle, x1, middle, x1, y1);
}

/** Strokes up to 128 packets of one class. @param numbers packets of the store */
export function strokeCurves(
  ctx: Ctx,
  packets: PacketStore,
  numbers: readonly number[],
  scale: LaneScale,
  theme: DrawTheme,
): void {
  const [first] = numbers;
  if (first === undefined) return;
  const stroke = STROKES[className(packets, packets.at(first))];
  ctx.beginPath();
  for (const number of numbers) traceCurve(ctx, curveOf(packets, packets.at(number), scale));
  ctx.strokeStyle = theme[stroke.colour] as string;
  ctx.lineWidth = stroke.width;
  ctx.globalAlpha = theme.isHighContrast ? stroke.strongAlpha : stroke.alpha;
  ctx.setLineDash([...stroke.dash]);
  ctx.stroke();
  ctx.setLineDash([]);
  ctx.globalAlpha = 1;
}

/** The packet under the pointer, so that it can be followed by eye. */
export function paintHovered(
  ctx: Ctx,
  packets: PacketStore,
  at: number,
  scale: LaneScale,
  theme: DrawTheme,
): void {
  const curve = curveOf(packets, at, scale);
  const stroke = STROKES[className(packets, at)];
  ctx.lineCap = 'round';
  ctx.beginPath();
  traceCurve(ctx, curve);
  ctx.strokeStyle = theme.bg;
  ctx.lineWidth = 6;
  ctx.stroke();
  ctx.strokeStyle = theme[stroke.colour] as string;
  ctx.lineWidth = 3;
  ctx.stroke();
  paintEndMark(ctx, packets, at, scale, theme);
}

/** How a packet that was late or died ended; others have no mark. */
export function paintEndMark(
  ctx: Ctx,
  packets: PacketStore,
  at: number,
  scale: LaneScale,
  theme: DrawTheme,
): void {
  const { x1, y0, y1 } = curveOf(packets, at, scale);
  const kind = className(packets, at);
  if (kind === 'late') paintDiamond(ctx, x1, y1 + (y1 > y0 ? -4 : 4), theme);
  else if (STROKES[kind] === DROPPED) paintCross(ctx, x1, y1, 3, theme);
}
