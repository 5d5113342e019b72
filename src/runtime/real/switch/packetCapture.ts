import type { CaptureMode } from '../../../model/captureMode.ts';
import { nodeIdOf } from '../../../model/nodeIds.ts';
import { OUTCOMES } from '../../../model/packetClasses.ts';
import { DELIVERED, REFUSED } from '../../../network/fate.ts';
import { pcapngPacket } from '../../pcapng.ts';
import type { SeenPacket } from './packetSwitch.ts';
import { ipHeaderBytes, tcpHeaderBytes } from './traffic/tcpHeader.ts';

const TCP = 6;
/** What is kept behind the IP header: UDP's, and the kind and number of an ICMP message. */
const HEADER_BYTES: Readonly<Record<number, number>> = { 1: 8, 17: 8 };

/** Packets as blocks of a capture, whole, and how many they are. */
export interface CapturedBlocks {
  readonly blocks: Uint8Array;
  readonly packets: number;
  /** Wall ms. */
  readonly at: number;
}

/** Makes blocks of a capture of the packets that the switch sees. */
export class PacketCapture {
  readonly #mode: CaptureMode;
  /** Wall ms at which the run began. */
  readonly #startedAt: number;
  #blocks: Buffer[] = [];

  constructor(mode: CaptureMode, startedAt: number) {
    this.#mode = mode;
    this.#startedAt = startedAt;
  }

  see(seen: SeenPacket): void {
    const { packet, from, to, answer } = seen;
    const kept = this.#mode === 'full' ? packet : packet.subarray(0, headerBytesOf(seen));
    this.#keep(from, seen.sent, { kept, length: packet.length, comment: fateOf(seen) });
    if (answer === undefined) return;
    // All of it is headers: a reset, or a message that quotes some.
    const comment = `sent to ${nodeIdOf(from)} in the place of ${nodeIdOf(to)}, by a fault that refuses`;
    this.#keep(to, seen.sent, { kept: answer, length: answer.length, comment });
  }

  #keep(node: number, sent: number, of: { kept: Buffer; length: number; comment: string }): void {
    const { kept: packet, length, comment } = of;
    this.#blocks.push(pcapngPacket({ node, at: this.#startedAt + sent, packet, length, comment }));
  }

  /** What was seen since the last call. @param now ms since the run began */
  take(now: number): CapturedBlocks | null {
    const taken = this.#blocks;
    if (taken.length === 0) return null;
    this.#blocks = [];
    return { blocks: Buffer.concat(taken), packets: taken.length, at: this.#startedAt + now };
  }
}

/** IP's header and that of what it carries; of a fragment, or a protocol nobody here knows, IP's alone. */
function headerBytesOf({ packet, protocol, sourcePort, targetPort }: SeenPacket): number {
  const ip = ipHeaderBytes(packet);
  if (sourcePort === 0 && targetPort === 0) return ip;
  return ip + (protocol === TCP ? tcpHeaderBytes(packet) : (HEADER_BYTES[protocol] ?? 0));
}

function fateOf(seen: SeenPacket): string {
  const { outcome, from, to, number, sent, arrived, configured } = seen;
  if (outcome === REFUSED)
    return `refused by a fault, before it was on ${nodeIdOf(from)}→${nodeIdOf(to)}`;
  const link = `packet ${number} of ${nodeIdOf(from)}→${nodeIdOf(to)}`;
  const drawn = `drawn delay ${configured.toFixed(3)} ms`;
  return outcome === DELIVERED
    ? `delivered after ${(arrived - sent).toFixed(3)} ms, ${drawn}; ${link}`
    : `${OUTCOMES[outcome] ?? 'dropped'}, ${drawn}; ${link}`;
}
