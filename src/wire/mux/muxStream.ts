import { Duplex } from 'node:stream';
import { MAX_DATA_BYTES } from './muxFrame.ts';

/** So many bytes of a stream may be under way or unread: one that nobody reads holds up no other. */
export const WINDOW_BYTES = 256 * 1024;

/** What a stream asks of the pipe that carries it. */
export interface MuxCarrier {
  /** Sends bytes of the stream; false: the pipe is full, and `pump` is called when it is not any more. */
  sendData(channel: number, bytes: Buffer): boolean;
  sendCredit(channel: number, bytes: number): void;
  sendEnd(channel: number): void;
  sendReset(channel: number): void;
  forget(stream: MuxStream): void;
}

/** One of the streams over a pipe: ordered, each way with an end of its own, and a window of what the other side will take. */
export class MuxStream extends Duplex {
  readonly channel: number;
  readonly #carrier: MuxCarrier;
  #credit = WINDOW_BYTES;
  #waiting: { bytes: Buffer; readonly done: () => void } | undefined;
  /** Received, and no credit given back for it yet. */
  #owed = 0;
  #hasPeerEnded = false;
  #hasEnded = false;

  constructor(channel: number, carrier: MuxCarrier) {
    super({ readableHighWaterMark: WINDOW_BYTES, writableHighWaterMark: MAX_DATA_BYTES });
    this.channel = channel;
    this.#carrier = carrier;
  }

  /** Sends what waits, as far as the window and the pipe take it. */
  pump(): void {
    while (this.#waiting !== undefined && this.#credit > 0) {
      const { bytes, done } = this.#waiting;
      const piece = bytes.subarray(0, Math.min(this.#credit, MAX_DATA_BYTES));
      this.#credit -= piece.length;
      this.#waiting =
        piece.length === bytes.length ? undefined : { bytes: bytes.subarray(piece.length), done };
      const goesOn = this.#carrier.sendData(this.channel, piece);
      if (this.#waiting === undefined) done();
      if (!goesOn) return;
    }
  }

  /** Bytes from the other side; false: more than its window lets it send. */
  receive(bytes: Buffer): boolean {
    this.#owed += bytes.length;
    if (this.#owed > WINDOW_BYTES || this.#hasPeerEnded) return false;
    if (!this.destroyed) this.push(bytes);
    this.#giveCredit();
    return true;
  }

  receiveCredit(bytes: number): void {
    this.#credit = Math.min(this.#credit + bytes, WINDOW_BYTES);
    this.pump();
  }

  receiveEnd(): void {
    if (this.#hasPeerEnded) return;
    this.#hasPeerEnded = true;
    this.push(null);
  }

  override _write(bytes: Buffer, _: BufferEncoding, done: () => void): void {
    this.#waiting = { bytes, done };
    this.pump();
  }

  override _final(done: () => void): void {
    this.#hasEnded = true;
    this.#carrier.sendEnd(this.channel);
    done();
  }

  /** Credit is for what was read; what comes next comes without being asked for. */
  override read(size?: number): unknown {
    const bytes: unknown = super.read(size);
    this.#giveCredit();
    return bytes;
  }

  override _read(): void {
    // It comes when the other side sends it.
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    if (!this.#hasEnded || !this.#hasPeerEnded) this.#carrier.sendReset(this.channel);
    this.#carrier.forget(this);
    done(error);
  }

  #giveCredit(): void {
    const read = this.#owed - this.readableLength;
    if (read < WINDOW_BYTES / 4 || this.destroyed) return;
    this.#owed -= read;
    this.#carrier.sendCredit(this.channel, read);
  }
}
