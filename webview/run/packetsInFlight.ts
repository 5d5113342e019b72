import { FLOWS } from '../../src/model/packetClasses.ts';
import { diesOnTheWay, itemOf, PACKET_CLASSES, type PacketClass } from './packetClass.ts';
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
  /** How much of the way it had gone, 0 to 1. */
  readonly share: number;
  /** How much of the time its cross is shown has passed, 0 to 1. */
  readonly age: number;
}

export interface PacketsAround {
  readonly flying: readonly FlyingPacket[];
  readonly dead: readonly DeadPacket[];
}

/** How long a cross stays where a packet died. */
const CROSS_MS = 300;
/** A lost packet stops before the middle, where hops have their mark; where it really was lost nobody knows. */
const LOST_AT = 0.35;
/** One that nobody took ends just before the node, so that its cross is not hidden behind it. */
const NOT_TAKEN_AT = 0.93;

const CHUNK = FLOWS.indexOf('chunk');
const CONTROL = FLOWS.indexOf('control');

/**
 * The packets under way at `t` ms, and those that died in the 300 ms before it.
 * @param hidden classes that are not to be seen, by index in PACKET_CLASSES
 */
export function packetsAround(
  packets: PacketStore,
  t: number,
  hidden: readonly boolean[] = [],
): PacketsAround {
  const flying: FlyingPacket[] = [];
  const dead: DeadPacket[] = [];
  packets.visit(t - CROSS_MS, t, (number) => {
    const at = packets.at(number);
    if (hidden[packets.kind[at] ?? 0] === true) return;
    const name = PACKET_CLASSES[packets.kind[at] ?? 0] ?? 'probe';
    const sent = packets.sent[at] ?? 0;
    const flight = (packets.ends[at] ?? 0) - sent;
    const ends = { from: packets.from(at), to: packets.to(at) };
    const diesAt = diesOnTheWay(name) ? LOST_AT : 1;
    if (t - sent < flight * diesAt) {
      const kind = kindOf(name, packets.flow[at]);
      flying.push({ ...ends, kind, share: (t - sent) / flight, speed: 1 / flight });
    } else if (itemOf(name) === 'dropped') {
      const age = (t - sent - flight * diesAt) / CROSS_MS;
      if (age < 1) dead.push({ ...ends, share: Math.min(diesAt, NOT_TAKEN_AT), age });
    }
  });
  return { flying, dead };
}

function kindOf(name: PacketClass, flow: number | undefined): PacketKind {
  if (name === 'late') return 'late';
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
