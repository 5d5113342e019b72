import { MeshSimError } from '../base/errors.ts';
import { dueTicks } from './dueTime.ts';

/**
 * The stream between the relay of a box and the network emulator. To the emulator: u32 LE length, then that many bytes of an IP
 * packet; a length of 0 comes once: the box's device is up. From it: u16 LE length, u16 LE when the packet is due (dueTime.ts), and the packet.
 */
export const LENGTH_BYTES = 4;

/** Of an IP packet. */
const MAX_PACKET_BYTES = 65_535;

/** Cuts the stream without copying a packet that lies within one read. */
export class PacketReader {
  readonly #onPacket: (framed: Buffer) => void;
  #rest: Buffer = Buffer.alloc(0);

  /** `onPacket` gets each packet with its length before it, in memory nobody else writes to. */
  constructor(onPacket: (framed: Buffer) => void) {
    this.#onPacket = onPacket;
  }

  /** @throws MeshSimError `agent-failed` when the stream is not made of packets. */
  push(read: Buffer): void {
    const bytes = this.#rest.length === 0 ? read : Buffer.concat([this.#rest, read]);
    let at = 0;
    while (bytes.length - at >= LENGTH_BYTES) {
      const end = at + LENGTH_BYTES + checkedLength(bytes.readUInt32LE(at));
      if (end > bytes.length) break;
      this.#onPacket(bytes.subarray(at, end));
      at = end;
    }
    this.#rest = bytes.subarray(at);
  }
}

/** The packet of what `PacketReader` gives; a view. */
export function packetOf(framed: Buffer): Buffer {
  return framed.subarray(LENGTH_BYTES);
}

/** What stands before a packet from the emulator. @param dueMs since the run began */
export function writePacketHead(into: Buffer, at: number, length: number, dueMs: number): void {
  into.writeUInt16LE(length, at);
  into.writeUInt16LE(dueTicks(dueMs, 16), at + 2);
}

function checkedLength(length: number): number {
  if (length <= MAX_PACKET_BYTES) return length;
  throw new MeshSimError(
    'agent-failed',
    `A packet says it has ${length} bytes; packets have at most ${MAX_PACKET_BYTES}: the stream is out of step.`,
  );
}
