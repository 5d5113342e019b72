import { diesOnTheWay, PACKET_CLASSES, type PacketClass } from '../run/packetClass.ts';
import type { PacketStore } from '../run/packetStore.ts';
import { edgesOf, xOf, type LaneScale } from './laneScale.ts';

/** A packet's way from lane to lane: it leaves and arrives upright, like an S. */
export interface Curve {
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
}

/** Narrower than this a curve is a straight line, to the eye and at a fraction of the cost. */
export const STRAIGHT_PX = 3;
/** How much of its way a packet gets that dies on it: nobody knows where it did. */
const HALFWAY = 0.5;

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
