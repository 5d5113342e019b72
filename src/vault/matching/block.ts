/** Bytes that were read, and the places [start, end) of the stream where each was written. Reused: reading allocates nothing. */
export class Block {
  readonly bytes: Uint8Array;
  readonly starts: Float64Array;
  readonly ends: Float64Array;
  length = 0;

  constructor(capacity: number) {
    this.bytes = new Uint8Array(capacity);
    this.starts = new Float64Array(capacity);
    this.ends = new Float64Array(capacity);
  }

  add(byte: number, start: number, end: number): void {
    this.bytes[this.length] = byte;
    this.starts[this.length] = start;
    this.ends[this.length] = end;
    this.length += 1;
  }
}
