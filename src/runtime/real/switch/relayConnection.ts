import type { Socket } from 'node:net';
import { PacketReader, packetOf, writePacketHead, LENGTH_BYTES } from '../../../wire/packets.ts';
import type { PacketOutlet } from './packetSwitch.ts';

/** More than it reads in a turn, many times over; a relay that is this far behind does not keep up. */
const MAX_WAITING_BYTES = 16 * 1024 * 1024;

/** Packets of one flush are written together, without an object for each: this many are usual. */
const SLAB_BYTES = 128 * 1024;

export interface RelayEvents {
  /** The device of the box is up. */
  readonly onUp: () => void;
  /** `readAt`: by `now`, when all that the relay had sent until then was read. */
  readonly onPacket: (packet: Buffer, readAt: number) => void;
  /** ms since the run began. */
  readonly now: () => number;
}

/** The emulator's side of the wire of one box. */
export class RelayConnection implements PacketOutlet {
  readonly node: number;
  readonly place: number;
  readonly #socket: Socket;
  readonly #reader: PacketReader;
  /** What was added since the last flush, as it goes on the wire. */
  #slab = Buffer.allocUnsafeSlow(SLAB_BYTES);
  #used = 0;
  readonly #now: () => number;
  #readAt = 0;

  constructor(
    { node, place }: Pick<PacketOutlet, 'node' | 'place'>,
    socket: Socket,
    { onUp, onPacket, now }: RelayEvents,
  ) {
    this.node = node;
    this.place = place;
    this.#socket = socket;
    this.#now = now;
    this.#reader = new PacketReader((framed) => {
      if (framed.length === LENGTH_BYTES) onUp();
      else onPacket(packetOf(framed), this.#readAt);
    });
  }

  /** What the relay sent. @throws MeshSimError `agent-failed` */
  push(read: Buffer): void {
    this.#readAt = this.#now();
    this.#reader.push(read);
  }

  get isUp(): boolean {
    return !this.#socket.destroyed;
  }

  get isFull(): boolean {
    return this.#socket.writableLength + this.#used > MAX_WAITING_BYTES;
  }

  get hasPackets(): boolean {
    return this.#used > 0;
  }

  add(packet: Buffer, dueMs: number): void {
    const end = this.#used + LENGTH_BYTES + packet.length;
    if (end > this.#slab.length) this.#grow(end);
    writePacketHead(this.#slab, this.#used, packet.length, dueMs);
    packet.copy(this.#slab, this.#used + LENGTH_BYTES);
    this.#used = end;
  }

  flush(): void {
    const used = this.#used;
    this.#used = 0;
    if (this.#socket.destroyed) return;
    this.#socket.write(this.#slab.subarray(0, used));
    // What the system has not taken at once is still to be read from there.
    const isBusy = this.#socket.writableLength > 0;
    if (isBusy || this.#slab.length > SLAB_BYTES) this.#slab = Buffer.allocUnsafeSlow(SLAB_BYTES);
  }

  #grow(bytes: number): void {
    const grown = Buffer.allocUnsafeSlow(Math.max(2 * this.#slab.length, bytes));
    this.#slab.copy(grown, 0, 0, this.#used);
    this.#slab = grown;
  }

  close(): void {
    this.#socket.destroy();
  }
}
