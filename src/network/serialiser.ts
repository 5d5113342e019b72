import { LinkIndex } from './linkIndex.ts';

/** Queues of bits in front of links or uplinks: when each is free again, in ms. */
export class Serialiser {
  readonly #index = new LinkIndex();
  #freeAt = new Float64Array(64);

  freeAt(queue: number): number {
    return this.#freeAt[this.#index.slotOf(queue)] ?? 0;
  }

  /** Books `bits` behind what is queued already. Returns when the last of them has left, in ms. */
  book(queue: number, bits: number, bitsPerMs: number, now: number): number {
    const slot = this.#index.slotOf(queue);
    if (slot >= this.#freeAt.length) this.#grow();
    const start = Math.max(now, this.#freeAt[slot] ?? 0);
    const end = start + bits / bitsPerMs;
    this.#freeAt[slot] = end;
    return end;
  }

  #grow(): void {
    const grown = new Float64Array(this.#freeAt.length * 2);
    grown.set(this.#freeAt);
    this.#freeAt = grown;
  }
}
