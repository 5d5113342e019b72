/** Slots for links as they are first used: 100,000 nodes have 10^10 pairs, of which a run uses a few per node. */
const EMPTY = -1;

/** A link is from · nodes + to: up to 10^10, so its two 32-bit halves are mixed. */
function hashOf(link: number): number {
  const high = Math.floor(link / 0x100000000);
  let h = Math.imul((link >>> 0) ^ Math.imul(high, 0x9e3779b1), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 15), 0xc2b2ae35);
  return (h ^ (h >>> 13)) >>> 0;
}

/** Open addressing over typed arrays: one probe sequence, no object per link. */
export class LinkIndex {
  #keys: Float64Array;
  #slots: Int32Array;
  #size = 0;

  constructor() {
    this.#keys = new Float64Array(256).fill(EMPTY);
    this.#slots = new Int32Array(256);
  }

  get size(): number {
    return this.#size;
  }

  /** The slot of `link`: 0, 1, 2 … in order of first use. */
  slotOf(link: number): number {
    const mask = this.#keys.length - 1;
    let at = hashOf(link) & mask;
    for (;;) {
      const key = this.#keys[at];
      if (key === link) return this.#slots[at] ?? 0;
      if (key === EMPTY) return this.#insert(at, link);
      at = (at + 1) & mask;
    }
  }

  #insert(at: number, link: number): number {
    const slot = this.#size;
    this.#keys[at] = link;
    this.#slots[at] = slot;
    this.#size += 1;
    if (this.#size * 2 > this.#keys.length) this.#grow();
    return slot;
  }

  #grow(): void {
    const keys = this.#keys;
    const slots = this.#slots;
    const capacity = keys.length * 2;
    this.#keys = new Float64Array(capacity).fill(EMPTY);
    this.#slots = new Int32Array(capacity);
    for (let old = 0; old < keys.length; old++) {
      const link = keys[old] ?? EMPTY;
      if (link === EMPTY) continue;
      let at = hashOf(link) & (capacity - 1);
      while (this.#keys[at] !== EMPTY) at = (at + 1) & (capacity - 1);
      this.#keys[at] = link;
      this.#slots[at] = slots[old] ?? 0;
    }
  }

  /** Links in order of their slots. */
  links(): number[] {
    const links = new Array<number>(this.#size).fill(0);
    for (let at = 0; at < this.#keys.length; at++) {
      const link = this.#keys[at] ?? EMPTY;
      if (link !== EMPTY) links[this.#slots[at] ?? 0] = link;
    }
    return links;
  }
}
