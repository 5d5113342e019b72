import { nodeAtAddress } from '../../../model/meshAddress.ts';
import { PACKETS_FOLLOW, WIRE } from '../../../wire/frame.ts';
import { LENGTH_BYTES } from '../../../wire/packets.ts';
import type { ArrivalTimes } from './arrivals.ts';

/** Of a frame up to its field a, and of a packet with its length up to its source address: all that is looked at. */
const HEAD_BYTES = 20;
/** Where in that a packet has its source address (RFC 791, 3.1). */
const SOURCE_AT = LENGTH_BYTES + 12;

/**
 * Sees when frames and packets from the emulator are here whole, in the stream that brings them to an agent or a relay. It changes and
 * copies nothing of them.
 */
export class DoorWatch {
  readonly #arrivals: ArrivalTimes;
  readonly #head = Buffer.alloc(HEAD_BYTES);
  #filled = 0;
  /** Bytes of the one under way that are to come, after its head. */
  #left = 0;
  #brings: 'frames' | 'packets' | 'nothing known' = 'frames';

  constructor(arrivals: ArrivalTimes) {
    this.#arrivals = arrivals;
  }

  /** @param at ms of this host's monotonic clock when these came */
  push(bytes: Buffer, at: number): void {
    for (let read = 0; read < bytes.length && this.#brings !== 'nothing known';) {
      if (this.#filled < HEAD_BYTES) {
        const copied = bytes.copy(this.#head, this.#filled, read, read + HEAD_BYTES - this.#filled);
        this.#filled += copied;
        read += copied;
        if (this.#filled < HEAD_BYTES) return;
        this.#left = this.#length() - HEAD_BYTES;
        // Shorter than any: the emulator sends none such.
        if (this.#left < 0) this.#brings = 'nothing known';
      } else {
        const passed = Math.min(this.#left, bytes.length - read);
        this.#left -= passed;
        read += passed;
      }
      if (this.#filled === HEAD_BYTES && this.#left === 0) {
        this.#filled = 0;
        this.#see(at);
      }
    }
  }

  #length(): number {
    return this.#brings === 'frames'
      ? this.#head.readUInt32LE(0)
      : LENGTH_BYTES + this.#head.readUInt16LE(0);
  }

  #see(at: number): void {
    const head = this.#head;
    if (this.#brings === 'packets') {
      const from = nodeAtAddress(head.readUInt32BE(SOURCE_AT));
      if (from >= 0) this.#arrivals.arrived(from, at, head.readUInt16LE(2), 16);
    } else if (head.readUInt16LE(4) === WIRE.welcome) {
      if (head.readUInt32LE(16) === PACKETS_FOLLOW) this.#brings = 'packets';
    } else {
      this.#arrivals.arrived(head.readUInt16LE(6), at, head.readUInt32LE(12), 32);
    }
  }
}
