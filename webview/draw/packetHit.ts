import type { PacketStore } from '../run/packetStore.ts';
import { msAt, type LaneScale } from './laneScale.ts';
import { curveOf, distanceTo } from './packetCurve.ts';

/** How near the pointer must be to a curve. */
const REACH_PX = 6;

/** Number of the packet nearest to a point of the lanes, undefined when none is near. @param isHidden by class index */
export function packetAt(
  packets: PacketStore,
  scale: LaneScale,
  point: { readonly x: number; readonly y: number },
  isHidden: (kind: number) => boolean,
): number | undefined {
  let found: number | undefined;
  let least = REACH_PX;
  const from = msAt(scale, point.x - REACH_PX);
  const to = msAt(scale, point.x + REACH_PX);
  packets.visit(from, to, (number) => {
    const at = packets.at(number);
    if (isHidden(packets.kind[at] ?? 0)) return;
    const distance = distanceTo(curveOf(packets, at, scale), point.x, point.y);
    if (distance >= least) return;
    least = distance;
    found = number;
  });
  return found;
}
