import { FLOWS, OUTCOMES } from '../../src/model/packetClasses.ts';
import { isLate } from '../run/linkStatistics.ts';
import type { PacketStore } from '../run/packetStore.ts';
import type { Segment, SegmentKind } from '../run/laneSegments.ts';
import type { DrawTheme } from './theme.ts';

export interface LaneGeometry {
  readonly width: number;
  readonly laneHeight: number;
  readonly nodes: number;
  /** ms at the left and the right edge. */
  readonly from: number;
  readonly to: number;
}

export interface LanePicture {
  readonly geometry: LaneGeometry;
  readonly segments: readonly (readonly Segment[])[];
  readonly packets: PacketStore;
  readonly hops: readonly {
    readonly node: number;
    readonly at: number;
    readonly isValid: boolean;
  }[];
  /** Nothing after it is drawn, ms. */
  readonly now: number;
  readonly maxLatencyMs: number;
}

type Class = 'chunk' | 'control' | 'quiet' | 'late' | 'dropped';

const BAR = 14;
/** One giant path is a trap for a software rasteriser: 50,000 curves took 35 s in one stroke. */
const CURVES_PER_STROKE = 128;
/** Above this many in view only control, late and dropped packets are drawn one by one; chunks are thinned. */
const DRAWN_AT_MOST = 4_000;
const MIN_LABEL_PX = 44;

export function xOf({ width, from, to }: LaneGeometry, ms: number): number {
  return ((ms - from) / (to - from)) * width;
}

export function msAt({ width, from, to }: LaneGeometry, x: number): number {
  return from + (x / width) * (to - from);
}

/** The middle of a node's bar. */
export function laneY({ laneHeight }: LaneGeometry, node: number): number {
  return laneHeight * (node + 0.5);
}

/** Steps of 1, 2 or 5 times a power of ten ms, at least `minPx` apart. */
export function axisSteps({ width, from, to }: LaneGeometry, minPx: number): number[] {
  const least = ((to - from) / Math.max(1, width)) * minPx;
  const power = 10 ** Math.floor(Math.log10(least));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= least) ?? least;
  const ticks: number[] = [];
  for (let ms = Math.ceil(from / step) * step; ms <= to; ms += step) ticks.push(ms);
  return ticks;
}

export function paintLanes(
  ctx: CanvasRenderingContext2D,
  picture: LanePicture,
  theme: DrawTheme,
): void {
  const { geometry } = picture;
  ctx.clearRect(0, 0, geometry.width, geometry.laneHeight * geometry.nodes);
  ctx.font = theme.font;
  paintGrid(ctx, geometry, theme);
  paintPackets(ctx, picture, theme);
  picture.segments.forEach((lane, node) => {
    for (const segment of lane) paintSegment(ctx, picture, segment, node, theme);
  });
  for (const { node, at, isValid } of picture.hops) {
    if (at <= picture.now)
      paintShield(ctx, xOf(geometry, at), laneY(geometry, node) - 15, isValid, theme);
  }
}

function paintGrid(ctx: CanvasRenderingContext2D, geometry: LaneGeometry, theme: DrawTheme): void {
  ctx.strokeStyle = theme.line;
  ctx.lineWidth = 1;
  ctx.beginPath();
  for (const ms of axisSteps(geometry, 64)) {
    const x = Math.round(xOf(geometry, ms)) + 0.5;
    ctx.moveTo(x, 0);
    ctx.lineTo(x, geometry.laneHeight * geometry.nodes);
  }
  ctx.stroke();
}

function colourOf(kind: SegmentKind, theme: DrawTheme): string {
  const colours = {
    boot: theme.boot,
    verify: theme.vio,
    receive: theme.info,
    start: theme.warn,
    healthy: theme.ok,
    down: theme.err,
    halted: theme.err,
  };
  return colours[kind];
}

function paintSegment(
  ctx: CanvasRenderingContext2D,
  { geometry, now }: LanePicture,
  segment: Segment,
  node: number,
  theme: DrawTheme,
): void {
  if (segment.start > now) return;
  const left = xOf(geometry, segment.start);
  const right = xOf(geometry, Math.min(segment.end, now));
  const top = laneY(geometry, node) - BAR / 2;
  const width = Math.max(1, right - left);
  const colour = colourOf(segment.kind, theme);
  ctx.fillStyle = theme.bg;
  ctx.fillRect(left, top, width, BAR);
  ctx.globalAlpha = segment.kind === 'healthy' ? theme.tint / 2 : theme.tint;
  ctx.fillStyle = colour;
  ctx.fillRect(left, top, width, BAR);
  ctx.globalAlpha = 1;
  ctx.fillRect(left, top, width, 2);
  if (theme.tint === 0) {
    ctx.strokeStyle = colour;
    ctx.strokeRect(left + 0.5, top + 0.5, width - 1, BAR - 1);
  }
  if (segment.kind === 'down' || segment.kind === 'halted')
    paintEnd(ctx, left, top + BAR / 2, theme);
  if (width < MIN_LABEL_PX) return;
  ctx.fillStyle = theme.fg;
  const inset = segment.kind === 'down' || segment.kind === 'halted' ? 12 : 4;
  ctx.fillText(segment.kind, Math.max(left, 0) + inset, top + BAR - 2.5);
}

/** A red disc with a cross: a crash or a halt. */
function paintEnd(ctx: CanvasRenderingContext2D, x: number, y: number, theme: DrawTheme): void {
  ctx.fillStyle = theme.err;
  ctx.beginPath();
  ctx.arc(x, y, 8, 0, 2 * Math.PI);
  ctx.fill();
  ctx.strokeStyle = theme.bg;
  ctx.lineWidth = 1.5;
  paintCross(ctx, x, y, 3);
}

function paintCross(ctx: CanvasRenderingContext2D, x: number, y: number, size: number): void {
  ctx.beginPath();
  ctx.moveTo(x - size, y - size);
  ctx.lineTo(x + size, y + size);
  ctx.moveTo(x - size, y + size);
  ctx.lineTo(x + size, y - size);
  ctx.stroke();
}

function paintShield(
  ctx: CanvasRenderingContext2D,
  x: number,
  y: number,
  isValid: boolean,
  theme: DrawTheme,
): void {
  ctx.strokeStyle = isValid ? theme.ok : theme.err;
  ctx.fillStyle = theme.bg;
  ctx.lineWidth = 1.2;
  ctx.beginPath();
  ctx.moveTo(x, y - 5);
  ctx.lineTo(x + 4.5, y - 3.5);
  ctx.quadraticCurveTo(x + 4.5, y + 3, x, y + 5);
  ctx.quadraticCurveTo(x - 4.5, y + 3, x - 4.5, y - 3.5);
  ctx.closePath();
  ctx.fill();
  ctx.stroke();
  if (!isValid) {
    paintCross(ctx, x, y, 2);
    return;
  }
  ctx.beginPath();
  ctx.moveTo(x - 2, y);
  ctx.lineTo(x - 0.5, y + 1.8);
  ctx.lineTo(x + 2.2, y - 1.8);
  ctx.stroke();
}

const DELIVERED = OUTCOMES.indexOf('delivered');
const CHUNK = FLOWS.indexOf('chunk');
const CONTROL = FLOWS.indexOf('control');

function classOf(packets: PacketStore, at: number, maxLatencyMs: number): Class {
  if (packets.outcome[at] !== DELIVERED) return 'dropped';
  if (isLate((packets.arrived[at] ?? 0) - (packets.sent[at] ?? 0), maxLatencyMs)) return 'late';
  const flow = packets.flow[at];
  return flow === CHUNK ? 'chunk' : flow === CONTROL ? 'control' : 'quiet';
}

/** Every packet is a curve from its sender's lane to its receiver's; one that died ends halfway, in a cross. */
function paintPackets(ctx: CanvasRenderingContext2D, picture: LanePicture, theme: DrawTheme): void {
  const { packets, geometry, now, maxLatencyMs } = picture;
  const shown: Record<Class, number[]> = {
    quiet: [],
    chunk: [],
    control: [],
    late: [],
    dropped: [],
  };
  for (let number = packets.first; number < packets.total; number += 1) {
    const at = packets.at(number);
    const sent = packets.sent[at] ?? 0;
    if (sent > now || sent > geometry.to || (packets.arrived[at] ?? 0) < geometry.from) continue;
    shown[classOf(packets, at, maxLatencyMs)].push(at);
  }
  const styles: [Class, string, number, number, number[]][] = [
    ['quiet', theme.fg2, 0.6, 0.25, []],
    ['chunk', theme.info, 1.15, 0.8, []],
    ['control', theme.vio, 1, 0.9, []],
    ['late', theme.late, 1.2, 1, [4, 3]],
    ['dropped', theme.err, 1, 0.8, []],
  ];
  for (const [kind, colour, width, alpha, dash] of styles) {
    ctx.strokeStyle = colour;
    ctx.lineWidth = width;
    ctx.globalAlpha = alpha;
    ctx.setLineDash(dash);
    paintCurves(ctx, picture, thinned(shown[kind]), kind === 'dropped');
  }
  ctx.setLineDash([]);
  ctx.globalAlpha = 1;
}

/** Every k-th, so that a dense view stays a texture of the right shape at a bounded cost. */
function thinned(all: readonly number[]): readonly number[] {
  const every = Math.ceil(all.length / DRAWN_AT_MOST);
  return every <= 1 ? all : all.filter((_, index) => index % every === 0);
}

function paintCurves(
  ctx: CanvasRenderingContext2D,
  { geometry, packets, now }: LanePicture,
  places: readonly number[],
  isDropped: boolean,
): void {
  for (let first = 0; first < places.length; first += CURVES_PER_STROKE) {
    ctx.beginPath();
    for (const at of places.slice(first, first + CURVES_PER_STROKE)) {
      const from = laneY(geometry, packets.from(at));
      const to = laneY(geometry, packets.to(at));
      const sent = packets.sent[at] ?? 0;
      const arrived = packets.arrived[at] ?? 0;
      // A packet in flight is drawn as far as it has come.
      const flown = arrived <= now ? 1 : (now - sent) / (arrived - sent);
      const reach = isDropped ? Math.min(0.5, flown) : flown;
      const x0 = xOf(geometry, sent);
      const x1 = xOf(geometry, sent + (arrived - sent) * reach);
      const y1 = from + (to - from) * reach;
      const away = to > from ? BAR / 2 : -BAR / 2;
      ctx.moveTo(x0, from + away);
      ctx.bezierCurveTo(
        x0,
        (from + y1) / 2,
        x1,
        (from + y1) / 2,
        x1,
        isDropped ? y1 : y1 - away * flown,
      );
      if (isDropped) {
        ctx.moveTo(x1 - 2, y1 - 2);
        ctx.lineTo(x1 + 2, y1 + 2);
        ctx.moveTo(x1 - 2, y1 + 2);
        ctx.lineTo(x1 + 2, y1 - 2);
      }
    }
    ctx.stroke();
  }
}
