import {
  drawnOf,
  type DeadPacket,
  type FlyingPacket,
  type PacketKind,
  type PacketsAround,
} from '../run/packetsInFlight.ts';
import { pointOn, wayBetween, type Point, type RingLayout, type Way } from './ring.ts';
import type { DrawTheme } from './theme.ts';

/** Above this many dots only chunks have tails. */
const TAILS_FOR_ALL = 300;
const TAIL_STEPS = 8;
/** Between two steps of a tail. */
const TAIL_STEP_MS = 7;
const DOT_RADIUS: Record<PacketKind, number> = { chunk: 3, control: 2, quiet: 1.5, late: 3 };

/** Dots where packets are, with the way they came as tails, and crosses where some died. */
export function paintRingPackets(
  ctx: CanvasRenderingContext2D,
  layout: RingLayout,
  { flying, dead }: PacketsAround,
  theme: DrawTheme,
): void {
  const ways = new Map<number, Way | undefined>();
  const wayOf = ({ from, to }: { readonly from: number; readonly to: number }): Way | undefined => {
    const key = from * layout.nodes.length + to;
    if (!ways.has(key)) ways.set(key, wayBetween(layout, from, to));
    return ways.get(key);
  };
  const hasAllTails = flying.length <= TAILS_FOR_ALL;
  for (const packet of drawnOf(flying)) {
    const way = wayOf(packet);
    if (way === undefined) continue;
    ctx.fillStyle = colourOf(packet.kind, theme);
    if (hasAllTails || packet.kind === 'chunk') paintTail(ctx, way, packet);
    paintDot(ctx, pointOn(way, packet.share), packet.kind);
  }
  ctx.strokeStyle = theme.err;
  ctx.lineWidth = 1.3;
  for (const packet of dead) {
    const way = wayOf(packet);
    if (way !== undefined) paintDeath(ctx, way, packet);
  }
  ctx.globalAlpha = 1;
}

function paintTail(
  ctx: CanvasRenderingContext2D,
  way: Way,
  { share, speed, kind }: FlyingPacket,
): void {
  for (let step = TAIL_STEPS; step > 0; step -= 1) {
    const behind = share - step * TAIL_STEP_MS * speed;
    if (behind < 0) continue;
    const left = 1 - step / (TAIL_STEPS + 1);
    ctx.globalAlpha = 0.5 * left;
    const { x, y } = pointOn(way, behind);
    ctx.beginPath();
    ctx.arc(x, y, DOT_RADIUS[kind] * (0.4 + 0.5 * left), 0, 2 * Math.PI);
    ctx.fill();
  }
  ctx.globalAlpha = 1;
}

/** A late packet is a diamond: status is never colour alone. */
function paintDot(ctx: CanvasRenderingContext2D, { x, y }: Point, kind: PacketKind): void {
  const radius = DOT_RADIUS[kind];
  ctx.beginPath();
  if (kind === 'late') {
    const tip = radius + 1;
    ctx.moveTo(x, y - tip);
    ctx.lineTo(x + tip, y);
    ctx.lineTo(x, y + tip);
    ctx.lineTo(x - tip, y);
  } else ctx.arc(x, y, radius, 0, 2 * Math.PI);
  ctx.fill();
}

const CROSS = 4;

function paintDeath(ctx: CanvasRenderingContext2D, way: Way, packet: DeadPacket): void {
  const { share, age } = packet;
  const { x, y } = pointOn(way, share);
  ctx.globalAlpha = 1 - age;
  ctx.beginPath();
  ctx.moveTo(x - CROSS, y - CROSS);
  ctx.lineTo(x + CROSS, y + CROSS);
  ctx.moveTo(x - CROSS, y + CROSS);
  ctx.lineTo(x + CROSS, y - CROSS);
  ctx.stroke();
}

function colourOf(kind: PacketKind, theme: DrawTheme): string {
  const colours: Record<PacketKind, string> = {
    chunk: theme.info,
    control: theme.vio,
    quiet: theme.fg,
    late: theme.late,
  };
  return colours[kind];
}
