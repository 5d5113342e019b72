import { allBits, countBits, hasBit, setBit, wordsFor } from './bits.ts';

/** What a node holds of the Capsule, and what it knows its neighbours hold. */
export class Content {
  readonly chunkCount: number;
  readonly held: Uint32Array;
  have: number;
  hasManifest: boolean;
  readonly #words: number;
  /** Held before a crash and not delivered again yet; null: there was no crash. */
  readonly #heldBefore: Uint32Array | null;
  /** By neighbour slot, `#words` each. */
  readonly #peerHeld: Uint32Array;

  constructor(
    chunkCount: number,
    neighbours: number,
    held: Uint32Array | null,
    heldBefore: Uint32Array | null,
    hasManifest: boolean,
  ) {
    this.chunkCount = chunkCount;
    this.#words = wordsFor(chunkCount);
    this.held = new Uint32Array(this.#words);
    if (held !== null) this.held.set(held);
    this.have = countBits(this.held);
    this.#heldBefore = heldBefore === null ? null : heldBefore.slice();
    this.#peerHeld = new Uint32Array(this.#words * neighbours);
    this.hasManifest = hasManifest;
  }

  get complete(): boolean {
    return this.hasManifest && this.have === this.chunkCount;
  }

  holds(chunk: number): boolean {
    return hasBit(this.held, chunk);
  }

  store(chunk: number): void {
    setBit(this.held, chunk);
    this.have += 1;
  }

  storeAll(): void {
    this.held.set(allBits(this.chunkCount));
    this.have = this.chunkCount;
  }

  /** True once for each chunk that had been held before the crash. */
  takeRedelivery(chunk: number): boolean {
    const before = this.#heldBefore;
    if (before === null || !hasBit(before, chunk)) return false;
    before[chunk >>> 5] = (before[chunk >>> 5] ?? 0) & ~(1 << (chunk & 31));
    return true;
  }

  peerHolds(slot: number, chunk: number): boolean {
    return hasBit(this.#peerHeld, chunk, slot * this.#words);
  }

  notePeer(slot: number, chunk: number): void {
    setBit(this.#peerHeld, chunk, slot * this.#words);
  }

  /** A peer's word on what it holds. Words beyond our own count are ignored: a peer may say anything. */
  mergePeer(slot: number, bits: Uint32Array): void {
    const offset = slot * this.#words;
    const words = Math.min(this.#words, bits.length);
    for (let at = 0; at < words; at++) {
      this.#peerHeld[offset + at] = (this.#peerHeld[offset + at] ?? 0) | (bits[at] ?? 0);
    }
  }

  forgetPeer(slot: number): void {
    const offset = slot * this.#words;
    this.#peerHeld.fill(0, offset, offset + this.#words);
  }

  /** What a greeting or an answer carries. */
  bitsToTell(): Uint32Array | null {
    return this.have === 0 ? null : this.held;
  }
}
