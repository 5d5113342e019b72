/** A multiplier that spreads consecutive keys over the table (Knuth, TAOCP 6.4: 2^32 divided by the golden ratio). */
export const SPREAD = 0x9e3779b1;
const EMPTY = -1;
/** Bytes of the beginning of a pattern that the filter knows; no pattern is shorter. As many as an integer takes. */
export const GRAM = 4;
/** Of the filter, so that few bytes pass that begin nothing; and the most of it, 512 KiB. */
const BITS_PER_PATTERN = 32;
const MAX_FILTER_BITS = 22;

export interface Pattern {
  readonly bytes: Uint8Array;
  /** What it belongs to: an index the caller chose. */
  readonly owner: number;
}

/**
 * Finds all patterns in a stream of bytes in one pass (Aho and Corasick, 1975). A state stands for the longest end of
 * what was read that begins a pattern; 0 is the state that begins none.
 */
export class PatternAutomaton {
  /** By state: how many bytes of what was read may still become a pattern. */
  readonly depth: Int32Array;
  /** By state: length of the longest pattern that ends here; 0: none does. */
  readonly matched: Int32Array;
  /** By state: the owner of that pattern. */
  readonly owner: Int32Array;
  /** Length of the longest pattern, in bytes. */
  readonly longest: number;
  /** Length of the shortest one; Infinity: there is none. */
  readonly shortest: number;
  /** A bit is set for the first GRAM bytes of each pattern, at their product with SPREAD shifted right by `filterShift`. */
  readonly filter: Int32Array;
  readonly filterShift: number;
  readonly #fail: Int32Array;
  readonly #root: Int32Array;
  /** Edges of all other states as an open-addressing hash table: key = state · 256 + byte. */
  readonly #keys: Float64Array;
  readonly #targets: Int32Array;
  readonly #mask: number;

  constructor(patterns: readonly Pattern[]) {
    const states = 1 + patterns.reduce((sum, { bytes }) => sum + bytes.length, 0);
    const size = 2 ** Math.ceil(Math.log2(2 * states + 1));
    this.longest = patterns.reduce((most, { bytes }) => Math.max(most, bytes.length), 0);
    this.shortest = patterns.reduce((least, { bytes }) => Math.min(least, bytes.length), Infinity);
    this.depth = new Int32Array(states);
    this.matched = new Int32Array(states);
    this.owner = new Int32Array(states).fill(EMPTY);
    this.#fail = new Int32Array(states);
    this.#root = new Int32Array(256);
    this.#keys = new Float64Array(size).fill(EMPTY);
    this.#targets = new Int32Array(size);
    this.#mask = size - 1;
    const edges = this.#insert(patterns);
    this.#link(edges);
    const bits = Math.ceil(Math.log2(BITS_PER_PATTERN * (patterns.length + 1)));
    this.filterShift = 32 - Math.min(bits, MAX_FILTER_BITS);
    this.filter = new Int32Array(2 ** Math.max(0, 32 - this.filterShift - 5));
    for (const { bytes } of patterns) {
      const gram = bytes.subarray(0, GRAM).reduce((sum, byte) => (sum << 8) | byte, 0);
      const bit = Math.imul(gram, SPREAD) >>> this.filterShift;
      this.filter[bit >>> 5] = (this.filter[bit >>> 5] ?? 0) | (1 << (bit & 31));
    }
  }

  /** The state after the lowest `count` bytes of an integer, from none. */
  after(gram: number, count: number): number {
    let state = 0;
    for (let shift = 8 * (count - 1); shift >= 0; shift -= 8) {
      state = this.next(state, (gram >>> shift) & 255);
    }
    return state;
  }

  /** The state after one more byte. */
  next(from: number, byte: number): number {
    let state = from;
    while (state !== 0) {
      const target = this.#edge(state, byte);
      if (target !== EMPTY) return target;
      state = this.#fail[state] ?? 0;
    }
    return this.#root[byte] ?? 0;
  }

  /** Builds the tree of all patterns; returns its edges, each after the edge that leads to where it begins. */
  #insert(patterns: readonly Pattern[]): Edge[] {
    const edges: Edge[] = [];
    for (const { bytes, owner } of patterns) {
      let state = 0;
      for (const byte of bytes) {
        const known = state === 0 ? (this.#root[byte] ?? 0) : this.#edge(state, byte);
        if (known > 0) {
          state = known;
          continue;
        }
        const target = edges.length + 1;
        this.#setEdge(state, byte, target);
        this.depth[target] = (this.depth[state] ?? 0) + 1;
        edges.push({ from: state, byte, target });
        state = target;
      }
      this.matched[state] = bytes.length;
      this.owner[state] = owner;
    }
    return edges;
  }

  /** Where to go on when the next byte does not fit, shallow states first: theirs are needed by the deeper ones. */
  #link(edges: readonly Edge[]): void {
    const byDepth = [...edges].sort(
      (left, right) => (this.depth[left.target] ?? 0) - (this.depth[right.target] ?? 0),
    );
    for (const { from, byte, target } of byDepth) {
      const fail = from === 0 ? 0 : this.next(this.#fail[from] ?? 0, byte);
      this.#fail[target] = fail;
      if (this.matched[target] !== 0) continue;
      this.matched[target] = this.matched[fail] ?? 0;
      this.owner[target] = this.owner[fail] ?? EMPTY;
    }
  }

  #edge(state: number, byte: number): number {
    const slot = this.#slot(state * 256 + byte);
    return this.#keys[slot] === EMPTY ? EMPTY : (this.#targets[slot] ?? EMPTY);
  }

  #setEdge(state: number, byte: number, target: number): void {
    if (state === 0) {
      this.#root[byte] = target;
      return;
    }
    const key = state * 256 + byte;
    const slot = this.#slot(key);
    this.#keys[slot] = key;
    this.#targets[slot] = target;
  }

  /** Where the key is, or the free place it would take; the table is never more than half full. */
  #slot(key: number): number {
    let slot = (Math.imul(key, SPREAD) >>> 7) & this.#mask;
    while (this.#keys[slot] !== key && this.#keys[slot] !== EMPTY) slot = (slot + 1) & this.#mask;
    return slot;
  }
}

interface Edge {
  readonly from: number;
  readonly byte: number;
  readonly target: number;
}
