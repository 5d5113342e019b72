import type { Socket } from 'node:net';
import { PacketReader, packetOf, LENGTH_BYTES } from '../../../wire/packets.ts';
import type { PacketOutlet } from './packetSwitch.ts';

/** A relay that reads nothing any more is as good as down: what waits for it must not fill memory. */
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
    return !this.#socket.destroyed && this.#socket.writableLength < MAX_WAITING_BYTES;
  }

  get hasPackets(): boolean {
    return this.#waiting.length > 0;
  }

  add(packet: Buffer): void {
    const length = Buffer.allocUnsafe(LENGTH_BYTES);
    length.writeUInt32LE(packet.length);
    this.#waiting.push(length, packet);
  }

  flush(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    if (!this.#socket.destroyed) this.#socket.write(Buffer.concat(waiting));
  }

  close(): void {
    this.#socket.destroy();
  }
}
