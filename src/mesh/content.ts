import { allBits, countBits, hasBit, setBit, wordsFor } from './bits.ts';
import type { LinkMemory } from './linkMemory.ts';

/** What a node holds of the Capsule, and what it knows its neighbours hold. */
export class Content {
  readonly chunkCount: number;
  readonly held: Uint32Array;
  have: number;
  hasManifest: boolean;
  /** Held before a crash and not delivered again yet; null: there was no crash. */
  readonly #heldBefore: Uint32Array | null;
  /** What neighbours hold is in their records, from the first on in order of slots. */
  readonly #memory: LinkMemory;
  readonly #firstRecord: number;

  constructor(
    chunkCount: number,
    memory: LinkMemory,
    firstRecord: number,
    held: Uint32Array | null,
    heldBefore: Uint32Array | null,
    hasManifest: boolean,
  ) {
    this.chunkCount = chunkCount;
    this.held = new Uint32Array(wordsFor(chunkCount));
    if (held !== null) this.held.set(held);
    this.have = countBits(this.held);
    this.#heldBefore = heldBefore === null ? null : heldBefore.slice();
    this.#memory = memory;
    this.#firstRecord = firstRecord;
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
    return hasBit(this.#memory.held, chunk, this.#heldAt(slot));
  }

  notePeer(slot: number, chunk: number): void {
    setBit(this.#memory.held, chunk, this.#heldAt(slot));
  }

  /** A peer's word on what it holds. Words beyond our own count are ignored: a peer may say anything. */
  mergePeer(slot: number, bits: Uint32Array): void {
    const { held, heldWords } = this.#memory;
    const offset = this.#heldAt(slot);
    const words = Math.min(heldWords, bits.length);
    for (let at = 0; at < words; at++) {
      held[offset + at] = (held[offset + at] ?? 0) | (bits[at] ?? 0);
    }
  }

  forgetPeer(slot: number): void {
    const { held, heldWords } = this.#memory;
    const offset = this.#heldAt(slot);
    for (let word = 0; word < heldWords; word++) held[offset + word] = 0;
  }

  #heldAt(slot: number): number {
    return (this.#firstRecord + slot) * this.#memory.heldWords;
  }

  /** What a greeting or an answer carries. */
  bitsToTell(): Uint32Array | null {
    return this.have === 0 ? null : this.held;
  }
}
