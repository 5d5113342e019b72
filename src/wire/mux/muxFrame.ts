import { MeshSimError } from '../../base/errors.ts';

/**
 * A pipe to another host carries many streams: frames of u16 LE channel, u24 LE length, payload. Channel 0 has one JSON object in each
 * frame; a frame of any other channel is the next bytes of its stream.
 */
export const MUX_HEADER_BYTES = 5;
export const CONTROL_CHANNEL = 0;
export const MAX_CHANNEL = 0xffff;
/** Of a stream: small enough that control frames between two of them are not late. */
export const MAX_DATA_BYTES = 32 * 1024;
/** Of a control frame. A remote that says more in one is not one of ours. */
export const MAX_CONTROL_BYTES = 1024 * 1024;

export function muxFrame(channel: number, payload: Uint8Array): Buffer {
  const frame = Buffer.allocUnsafe(MUX_HEADER_BYTES + payload.length);
  frame.writeUInt16LE(channel, 0);
  frame.writeUIntLE(payload.length, 2, 3);
  frame.set(payload, MUX_HEADER_BYTES);
  return frame;
}

/** Cuts what comes over a pipe into frames. Data is handed out as it comes, without waiting for the rest of its frame. */
export class MuxReader {
  readonly #onControl: (message: Buffer) => void;
  readonly #onData: (channel: number, bytes: Buffer) => void;
  readonly #head = Buffer.alloc(MUX_HEADER_BYTES);
  #headFilled = 0;
  #channel = 0;
  #missing = 0;
  #control: Buffer[] = [];

  constructor(
    onControl: (message: Buffer) => void,
    onData: (channel: number, bytes: Buffer) => void,
  ) {
    this.#onControl = onControl;
    this.#onData = onData;
  }

  /** @throws MeshSimError `host-failed` when these are no frames */
  push(read: Buffer): void {
    let at = 0;
    while (at < read.length) {
      at += this.#missing === 0 ? this.#takeHead(read, at) : this.#takePayload(read, at);
    }
  }

  #takeHead(read: Buffer, at: number): number {
    const copied = read.copy(this.#head, this.#headFilled, at, at + this.#needed);
    this.#headFilled += copied;
    if (this.#needed === 0) {
      this.#headFilled = 0;
      this.#channel = this.#head.readUInt16LE(0);
      this.#missing = checkedLength(this.#channel, this.#head.readUIntLE(2, 3));
    }
    return copied;
  }

  get #needed(): number {
    return MUX_HEADER_BYTES - this.#headFilled;
  }

  #takePayload(read: Buffer, at: number): number {
    const bytes = read.subarray(at, at + this.#missing);
    this.#missing -= bytes.length;
    if (this.#channel !== CONTROL_CHANNEL) {
      this.#onData(this.#channel, bytes);
      return bytes.length;
    }
    this.#control.push(Buffer.from(bytes));
    if (this.#missing === 0) this.#onControl(Buffer.concat(this.#control.splice(0)));
    return bytes.length;
  }
}

function checkedLength(channel: number, length: number): number {
  const most = channel === CONTROL_CHANNEL ? MAX_CONTROL_BYTES : MAX_DATA_BYTES;
  if (length > 0 && length <= most) return length;
  throw new MeshSimError(
    'host-failed',
    `A frame of ${length} bytes came, where 1 to ${most} may: what is on the other side is not the keeper of a node.`,
  );
}
