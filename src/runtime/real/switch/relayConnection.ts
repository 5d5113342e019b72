import type { Socket } from 'node:net';
import { PacketReader, packetOf, LENGTH_BYTES } from '../../../wire/packets.ts';
import type { PacketOutlet } from './packetSwitch.ts';

/** More than it reads in a turn, many times over; a relay that is this far behind does not keep up. */
const MAX_WAITING_BYTES = 16 * 1024 * 1024;

export interface RelayEvents {
  /** The device of the box is up. */
  readonly onUp: () => void;
  readonly onPacket: (packet: Buffer) => void;
}

/** The emulator's side of the wire of one box. */
export class RelayConnection implements PacketOutlet {
  readonly node: number;
  readonly #socket: Socket;
  readonly #reader: PacketReader;
  #waiting: Buffer[] = [];
  #waitingBytes = 0;

  constructor(node: number, socket: Socket, { onUp, onPacket }: RelayEvents) {
    this.node = node;
    this.#socket = socket;
    this.#reader = new PacketReader((framed) => {
      if (framed.length === LENGTH_BYTES) onUp();
      else onPacket(packetOf(framed));
    });
  }

  /** What the relay sent. @throws MeshSimError `agent-failed` */
  push(read: Buffer): void {
    this.#reader.push(read);
  }

  get isUp(): boolean {
    return !this.#socket.destroyed;
  }

  get isFull(): boolean {
    return this.#socket.writableLength + this.#waitingBytes > MAX_WAITING_BYTES;
  }

  get hasPackets(): boolean {
    return this.#waiting.length > 0;
  }

  add(packet: Buffer): void {
    const length = Buffer.allocUnsafe(LENGTH_BYTES);
    length.writeUInt32LE(packet.length);
    this.#waiting.push(length, packet);
    this.#waitingBytes += LENGTH_BYTES + packet.length;
  }

  flush(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    this.#waitingBytes = 0;
    if (!this.#socket.destroyed) this.#socket.write(Buffer.concat(waiting));
  }

  close(): void {
    this.#socket.destroy();
  }
}
