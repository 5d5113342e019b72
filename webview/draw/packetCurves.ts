import { diesOnTheWay, PACKET_CLASSES, type PacketClass } from '../run/packetClass.ts';
import type { PacketStore } from '../run/packetStore.ts';
import { edgesOf, xOf, type LaneScale } from './laneScale.ts';
import { paintCross, paintDiamond } from './marks.ts';
import type { DrawTheme } from './theme.ts';

type Ctx = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;

/** A packet's way from lane to lane: it leaves and arrives upright, like an S. */
export interface Curve {
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
}

/** One giant path is a trap for a software rasteriser: 50,000 curves took 35 s in one stroke. */
export const CURVES_PER_STROKE = 128;
/** Narrower than this a curve is a straight line, to the eye and at a fraction of the cost. */
const STRAIGHT_PX = 3;
/** How much of its way a packet gets that dies on it: nobody knows where it did. */
const HALFWAY = 0.5;

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

export function curveOf(packets: PacketStore, at: number, scale: LaneScale): Curve {
  const [y0, y1] = edgesOf(scale, packets.from(at), packets.to(at));
  const sent = packets.sent[at] ?? 0;
  const ends = packets.ends[at] ?? 0;
  const reach = diesOnTheWay(className(packets, at)) ? HALFWAY : 1;
  return {
    x0: xOf(scale, sent),
    y0,
    x1: xOf(scale, sent + (ends - sent) * reach),
    y1: y0 + (y1 - y0) * reach,
  };
}

export function className(packets: PacketStore, at: number): PacketClass {
  return PACKET_CLASSES[packets.kind[at] ?? 0] ?? 'chunk';
}

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

/** Distance in pixels along x between the curve and a point beside it; Infinity above or below it. */
export function distanceTo(curve: Curve, x: number, y: number): number {
  const { x0, y0, x1, y1 } = curve;
  const share = (y - y0) / (y1 - y0);
  if (!(share >= 0 && share <= 1)) return Infinity;
  if (x1 - x0 < STRAIGHT_PX) return Math.abs(x0 + (x1 - x0) * share - x);
  const along = parameterAt(share);
  return Math.abs(x0 + (x1 - x0) * along * along * (3 - 2 * along) - x);
}

/** Where on the curve y has come this share of its way: with the control points halfway, y = 1.5u − 1.5u² + u³. */
function parameterAt(share: number): number {
  let low = 0;
  let high = 1;
  for (let step = 0; step < 12; step += 1) {
    const u = (low + high) / 2;
    if (1.5 * u * (1 - u) + u ** 3 < share) low = u;
    else high = u;
  }
  return (low + high) / 2;
}
