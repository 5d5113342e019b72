import type { Socket } from 'node:net';

/** Frames up to this size are packed together; larger ones are written as they are, without a copy. */
const PACK_LIMIT_BYTES = 8 * 1024;

/** An agent that reads nothing any more is as good as down: what waits for it must not fill memory. */
const MAX_WAITING_BYTES = 64 * 1024 * 1024;

/** The emulator's side of one agent's connection: collects the frames of one flush, then writes them together. */
export class AgentConnection {
  readonly node: number;
  readonly #socket: Socket;
  #frames: Buffer[] = [];

  constructor(node: number, socket: Socket) {
    this.node = node;
    this.#socket = socket;
  }

  /** False when the agent is gone, or has stopped reading. */
  get isUp(): boolean {
    return !this.#socket.destroyed && this.#socket.writableLength < MAX_WAITING_BYTES;
  }

  get hasFrames(): boolean {
    return this.#frames.length > 0;
  }

  add(frame: Buffer): void {
    this.#frames.push(frame);
  }

  flush(): void {
    const frames = this.#frames;
    this.#frames = [];
    if (this.#socket.destroyed) return;
    this.#socket.cork();
    for (let i = 0; i < frames.length;) {
      const end = endOfSlab(frames, i);
      const slab = frames.slice(i, end);
      const [only] = slab;
      this.#socket.write(slab.length === 1 && only !== undefined ? only : Buffer.concat(slab));
      i = end;
    }
    this.#socket.uncork();
  }

  close(): void {
    this.#socket.destroy();
  }
}

/** Small frames in a row share one slab; a large one stands alone. */
function endOfSlab(frames: readonly Buffer[], start: number): number {
  let end = start;
  while (end < frames.length && (frames[end]?.length ?? 0) <= PACK_LIMIT_BYTES) end += 1;
  return Math.max(end, start + 1);
}
