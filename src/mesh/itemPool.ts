/** No slot: the end of a list, or an empty one. */
export const NONE = -1;

/** A slot is 24 bytes: a 64-bit field, then 32-bit ones. */
const WIDE_FIELDS = 3;
const NARROW_FIELDS = 6;
const SEQUENCE = 2;
const ITEM = 3;
const NEXT = 4;
const LOST = 5;

/**
 * Slots for items that wait to be sent on a link or are on their way, chained into lists and used again and again. Many
 * links share one pool: most lists are empty, and an array for each would cost more than all that is in them.
 */
export class ItemPool {
  #capacity = 64;
  #wide = new Float64Array(this.#capacity * WIDE_FIELDS);
  /** The same memory. */
  #narrow = new Int32Array(this.#wide.buffer);
  #used = 0;
  /** First of the slots that were released. */
  #free = NONE;

  /** A slot that is the end of a list. */
  take(item: number, sequence: number, sentAt: number): number {
    const slot = this.#free === NONE ? this.#fresh() : this.#free;
    if (slot === this.#free) this.#free = this.nextOf(slot);
    const at = slot * NARROW_FIELDS;
    this.#wide[slot * WIDE_FIELDS] = sentAt;
    this.#narrow[at + SEQUENCE] = sequence;
    this.#narrow[at + ITEM] = item;
    this.#narrow[at + NEXT] = NONE;
    this.#narrow[at + LOST] = 0;
    return slot;
  }

  release(slot: number): void {
    this.link(slot, this.#free);
    this.#free = slot;
  }

  #fresh(): number {
    if (this.#used === this.#capacity) {
      this.#capacity *= 2;
      const grown = new Float64Array(this.#capacity * WIDE_FIELDS);
      grown.set(this.#wide);
      this.#wide = grown;
      this.#narrow = new Int32Array(grown.buffer);
    }
    return this.#used++;
  }

  /** Has `next` follow `slot`. */
  link(slot: number, next: number): void {
    this.#narrow[slot * NARROW_FIELDS + NEXT] = next;
  }

  nextOf(slot: number): number {
    return this.#narrow[slot * NARROW_FIELDS + NEXT] ?? NONE;
  }

  itemOf(slot: number): number {
    return this.#narrow[slot * NARROW_FIELDS + ITEM] ?? 0;
  }

  sequenceOf(slot: number): number {
    return this.#narrow[slot * NARROW_FIELDS + SEQUENCE] ?? 0;
  }

  /** Taken for lost: it stays in its list, for it may only be late. */
  isLost(slot: number): boolean {
    return this.#narrow[slot * NARROW_FIELDS + LOST] === 1;
  }

  markLost(slot: number): void {
    this.#narrow[slot * NARROW_FIELDS + LOST] = 1;
  }

  /** ms. */
  sentAtOf(slot: number): number {
    return this.#wide[slot * WIDE_FIELDS] ?? 0;
  }
}
