/** Bytes that were read, and the places [start, end) of the stream where each was written. Reused: reading allocates nothing. */
export class Block {
  readonly bytes: Uint8Array;
  /** Relative to `base`, as are `ends`. */
  readonly starts: Float64Array;
  readonly ends: Float64Array;
  base = 0;
  length = 0;
  /** The places of so many of the first bytes are their indices. */
  #placed = 0;

  constructor(capacity: number) {
    this.bytes = new Uint8Array(capacity);
    this.starts = new Float64Array(capacity);
    this.ends = new Float64Array(capacity);
  }

  /** Becomes these bytes, which are at `base` of the stream. Not to be mixed with `add`. */
  become(bytes: Uint8Array, base: number): void {
    for (; this.#placed < bytes.length; this.#placed += 1) {
      this.starts[this.#placed] = this.#placed;
      this.ends[this.#placed] = this.#placed + 1;
    }
    this.bytes.set(bytes);
    this.base = base;
    this.length = bytes.length;
  }

  add(byte: number, start: number, end: number): void {
    this.bytes[this.length] = byte;
    this.starts[this.length] = start;
    this.ends[this.length] = end;
    this.length += 1;
  }
}
