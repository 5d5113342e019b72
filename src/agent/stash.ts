import type { FrameHeader, Words } from '../wire/frame.ts';

/** Chunks that may wait for the manifest that says whether they are good; more are dropped, and sent again later. */
const MAX_STASHED = 64;
const MAX_STASHED_BYTES = 8 * 1024 * 1024;

export interface StashedChunk {
  readonly header: FrameHeader;
  readonly bits: Words;
  readonly payload: Buffer;
}

/** Chunks that overtook the manifest. They are not verified, so they are neither acknowledged nor relayed from here. */
export class Stash {
  #chunks: StashedChunk[] = [];
  #bytes = 0;

  get isEmpty(): boolean {
    return this.#chunks.length === 0;
  }

  /** Copies what it keeps. */
  keep(header: FrameHeader, bits: Words, payload: Buffer): void {
    if (this.#chunks.length >= MAX_STASHED) return;
    if (this.#bytes + payload.length > MAX_STASHED_BYTES) return;
    this.#bytes += payload.length;
    this.#chunks.push({ header, bits, payload: Buffer.from(payload) });
  }

  takeAll(): StashedChunk[] {
    const chunks = this.#chunks;
    this.#chunks = [];
    this.#bytes = 0;
    return chunks;
  }
}
