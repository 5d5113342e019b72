import { FLOWS } from '../../src/model/packetClasses.ts';
import { DELIVERED, isLate, UNREACHABLE } from './linkStatistics.ts';
import { blocksOf } from './packetBlocks.ts';
import type { PacketStore } from './packetStore.ts';

/** What a packet is drawn as. */
export type PacketKind = 'chunk' | 'control' | 'quiet' | 'late';

export interface FlyingPacket {
  readonly from: number;
  readonly to: number;
  readonly kind: PacketKind;
  /** How much of the way it has gone, 0 to 1. */
  readonly share: number;
  /** Share of the way it goes in one ms. */
  readonly speed: number;
}

export interface DeadPacket {
  readonly from: number;
  readonly to: number;
  /** True: it reached a node that was down or cut off. */
  readonly isUnreachable: boolean;
  /** How much of the time its cross is shown has passed, 0 to 1. */
  readonly age: number;
}

export interface PacketsAround {
  readonly flying: readonly FlyingPacket[];
  readonly dead: readonly DeadPacket[];
}

/** How long a cross stays where a packet died. */
export const CROSS_MS = 300;

const CHUNK = FLOWS.indexOf('chunk');
const CONTROL = FLOWS.indexOf('control');
/** The packets under way at `t` ms, and those that died in the 300 ms before it. @param maxMs the configured maximum */
export function packetsAround(packets: PacketStore, t: number, maxMs: number): PacketsAround {
  const flying: FlyingPacket[] = [];
  const dead: DeadPacket[] = [];
  blocksOf(packets).eachAround(t, CROSS_MS, (at) => {
    const sent = packets.sent[at] ?? 0;
    const arrived = packets.arrived[at] ?? 0;
    const ends = { from: packets.from(at), to: packets.to(at) };
    if (arrived > t) {
      const speed = 1 / (arrived - sent);
      const kind = kindOf(packets.flow[at], isLate(arrived - sent, maxMs));
      flying.push({ ...ends, kind, share: (t - sent) * speed, speed });
      return;
    }
    const outcome = packets.outcome[at] ?? DELIVERED;
    if (outcome === DELIVERED) return;
    dead.push({
      ...ends,
      isUnreachable: UNREACHABLE.includes(outcome),
      age: (t - arrived) / CROSS_MS,
    });
  });
  return { flying, dead };
}

function kindOf(flow: number | undefined, late: boolean): PacketKind {
  if (late) return 'late';
  return flow === CHUNK ? 'chunk' : flow === CONTROL ? 'control' : 'quiet';
}

/** At most so many dots that carry no content: heartbeats must not hide the chunks. */
const QUIET_DOTS = 120;

/** Every n-th of the quiet ones where there are too many; all others. */
export function drawnOf(flying: readonly FlyingPacket[]): FlyingPacket[] {
  const quiet = flying.filter(({ kind }) => kind === 'quiet');
  const others = flying.filter(({ kind }) => kind !== 'quiet');
  const step = Math.max(1, Math.ceil(quiet.length / QUIET_DOTS));
  return [...quiet.filter((_, index) => index % step === 0), ...others];
}
