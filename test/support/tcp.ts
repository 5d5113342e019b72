import { DELIVERED } from '../../src/network/fate.ts';
import type { SeenPacket } from '../../src/runtime/real/switch/packetSwitch.ts';
import { ipv4Packet } from './ipv4.ts';

const FLAGS = { fin: 1, syn: 2, rst: 4, ack: 16 } as const;
const TCP = 6;

export interface Segment {
  readonly from: number;
  readonly to: number;
  readonly ports: readonly [source: number, target: number];
  /** ms since the run began. */
  readonly sent: number;
  readonly due?: number;
  readonly flags: readonly (keyof typeof FLAGS)[];
  readonly sequence?: number;
  readonly payload?: string;
  readonly outcome?: number;
}

/** A TCP segment as the switch tells of it; it takes 10 ms where nothing else is said. */
export function seenSegment(segment: Segment): SeenPacket {
  const { from, to, sent, sequence = 1, payload = '', outcome = DELIVERED } = segment;
  const [sourcePort, targetPort] = segment.ports;
  const due = segment.due ?? sent + 10;
  const rest = Buffer.alloc(16);
  rest.writeUInt32BE(sequence, 0);
  rest[8] = 5 << 4;
  rest[9] = segment.flags.reduce((bits, flag) => bits | FLAGS[flag], 0);
  const ends = { from, to, sourcePort, targetPort, protocol: TCP };
  const packet = ipv4Packet({ ...ends, payload: Buffer.concat([rest, Buffer.from(payload)]) });
  return { packet, ...ends, number: 0, sent, configured: due - sent, due, arrived: due, outcome };
}
