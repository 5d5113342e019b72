import { MeshSimError } from '../base/errors.ts';
import { HEADER_BYTES, MAX_FRAME_BYTES } from './frame.ts';

/**
 * Cuts a byte stream into frames without concatenating. A frame that lies within one read is handed out as a view;
 * one that spans reads is gathered once. With `retain` each gathered frame has memory of its own, so a receiver may
 * keep it; without, frames are valid only during the call, and memory is reused.
 */
export class FrameReader {
  readonly #onFrame: (frame: Buffer) => void;
  readonly #retain: boolean;
  readonly #head = Buffer.allocUnsafe(4);
  #headFilled = 0;
  #gathering: Buffer | null = null;
  #gathered = 0;
  #scratch = Buffer.alloc(0);

  constructor(onFrame: (frame: Buffer) => void, options: { retain: boolean }) {
    this.#onFrame = onFrame;
    this.#retain = options.retain;
  }

  /** @throws MeshSimError `agent-failed` when the stream is not made of frames. */
  push(read: Buffer): void {
    let at = 0;
    while (at < read.length) {
      if (this.#gathering !== null) at += this.#gather(this.#gathering, read, at);
      else if (this.#headFilled > 0 || read.length - at < 4) at += this.#gatherHead(read, at);
      else at += this.#take(read, at);
    }
  }

  #take(read: Buffer, at: number): number {
    const length = checkedLength(read.readUInt32LE(at));
    if (at + length <= read.length) {
      this.#onFrame(read.subarray(at, at + length));
      return length;
    }
    const frame = this.#begin(length);
    return this.#gather(frame, read, at);
  }

  #gatherHead(read: Buffer, at: number): number {
    const copied = read.copy(this.#head, this.#headFilled, at, at + 4 - this.#headFilled);
    this.#headFilled += copied;
    if (this.#headFilled === 4) {
      const frame = this.#begin(checkedLength(this.#head.readUInt32LE(0)));
      this.#head.copy(frame);
      this.#gathered = 4;
      this.#headFilled = 0;
    }
    return copied;
  }

  #begin(length: number): Buffer {
    this.#gathered = 0;
    this.#gathering = this.#retain ? Buffer.allocUnsafeSlow(length) : this.#reusable(length);
    return this.#gathering;
  }

  #reusable(length: number): Buffer {
    if (this.#scratch.length < length) this.#scratch = Buffer.allocUnsafeSlow(length);
    return this.#scratch.subarray(0, length);
  }

  #gather(frame: Buffer, read: Buffer, at: number): number {
    const copied = read.copy(frame, this.#gathered, at);
    this.#gathered += copied;
    if (this.#gathered === frame.length) {
      this.#gathering = null;
      this.#onFrame(frame);
    }
    return copied;
  }
}

function checkedLength(length: number): number {
  if (length >= HEADER_BYTES && length <= MAX_FRAME_BYTES) return length;
  throw new MeshSimError(
    'agent-failed',
    `A frame says it has ${length} bytes; frames have ${HEADER_BYTES} to ${MAX_FRAME_BYTES}: the stream is out of step.`,
  );
}
