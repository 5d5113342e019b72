import { MeshSimError } from '../base/errors.ts';

/**
 * The stream between the relay of a box and the network emulator, both ways: u32 LE length, then that many bytes of an IP
 * packet. A length of 0 comes once, from the relay: the box's device is up.
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

function checkedLength(length: number): number {
  if (length <= MAX_PACKET_BYTES) return length;
  throw new MeshSimError(
    'agent-failed',
    `A packet says it has ${length} bytes; packets have at most ${MAX_PACKET_BYTES}: the stream is out of step.`,
  );
}
