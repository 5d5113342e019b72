/** Slots for links as they are first used: 100,000 nodes have 10^10 pairs, of which a run uses a few per node. */
const EMPTY = -1;

/** A link is from · nodes + to: up to 10^10, so its two 32-bit halves are mixed. */
function hashOf(link: number): number {
  const high = Math.floor(link / 0x100000000);
  let h = Math.imul((link >>> 0) ^ Math.imul(high, 0x9e3779b1), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 15), 0xc2b2ae35);
  return (h ^ (h >>> 13)) >>> 0;
}

/** Open addressing over one typed array, key and slot side by side: no object per link, and one look at memory. */
export class LinkIndex {
  /** Pairs: the link, then its slot. */
  #table = emptyTable(256);
  #mask = 255;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** The slot of `link`: 0, 1, 2 … in order of first use. */
  slotOf(link: number): number {
    const table = this.#table;
    let at = hashOf(link) & this.#mask;
    for (;;) {
      const key = table[at * 2];
      if (key === link) return table[at * 2 + 1] ?? 0;
      if (key === EMPTY) return this.#insert(at, link);
      at = (at + 1) & this.#mask;
    }
  }

  #insert(at: number, link: number): number {
    const slot = this.#size;
    this.#table[at * 2] = link;
    this.#table[at * 2 + 1] = slot;
    this.#size += 1;
    if (this.#size * 2 > this.#mask) this.#grow();
    return slot;
  }

  #grow(): void {
    const old = this.#table;
    const capacity = (this.#mask + 1) * 2;
    this.#table = emptyTable(capacity);
    this.#mask = capacity - 1;
    for (let pair = 0; pair < old.length; pair += 2) {
      const link = old[pair] ?? EMPTY;
      if (link === EMPTY) continue;
      let at = hashOf(link) & this.#mask;
      while (this.#table[at * 2] !== EMPTY) at = (at + 1) & this.#mask;
      this.#table[at * 2] = link;
      this.#table[at * 2 + 1] = old[pair + 1] ?? 0;
    }
  }

  /** Links in order of their slots. */
  links(): number[] {
    const links = new Array<number>(this.#size).fill(0);
    for (let pair = 0; pair < this.#table.length; pair += 2) {
      const link = this.#table[pair] ?? EMPTY;
      if (link !== EMPTY) links[this.#table[pair + 1] ?? 0] = link;
    }
    return links;
  }
}

function emptyTable(capacity: number): Float64Array<ArrayBuffer> {
  return new Float64Array(capacity * 2).fill(EMPTY);
}
