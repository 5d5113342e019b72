import { Block } from './block.ts';
import { BACKSLASH, escapeIn, isEscapeStart, NONE, NOTHING, OPEN, PERCENT } from './escapes.ts';
import { byteOf, lengthOfText } from './shortEscapes.ts';

/** Escapes may hold escapes (`%2&#53;`); what is open longer than this is none. */
export const MAX_OPEN_BYTES = 64;

/**
 * Undoes the escapes of URLs, HTML, JSON, JavaScript, Python and shells in a stream, in any mixture and any depth, until
 * none is left: `%2541`, `&amp;#x41;`, `\\\\u0041` and `A` are all read as `A`. A backslash that escapes nothing is left
 * out, and so is what steers a terminal. Text and secrets are both read so, hence what a secret itself holds of escapes does not matter.
 */
export class Unescaper {
  readonly #read: Block;
  /** Bytes since the first one that may begin an escape, and where each of them was written. */
  #bytes: number[] = [];
  #starts: number[] = [];
  #ends: number[] = [];
  /** The first half of a surrogate pair that was just read; 0: none. */
  #high = 0;
  #highStart = 0;

  /** What it reads is added to that block. */
  constructor(read: Block) {
    this.#read = read;
  }

  /** Where an escape began that is not complete; Infinity: there is none. */
  get openStart(): number {
    if (this.#high !== 0) return this.#highStart;
    return this.#starts[0] ?? Infinity;
  }

  /** Whether a byte that begins no escape is read as it is. */
  get isIdle(): boolean {
    return this.#bytes.length === 0 && this.#high === 0;
  }

  /** As `push` of each of these bytes, which are at `at` of the stream, but what stands for one byte at once. */
  read(bytes: Uint8Array, at: number): void {
    const read = this.#read;
    for (let i = 0; i < bytes.length; i += 1) {
      const byte = bytes[i] ?? 0;
      const isOpen = this.#bytes.length > 0;
      if (!isOpen && !isEscapeStart(byte)) {
        this.#high = 0;
        read.add(byte, at + i, at + i + 1);
        continue;
      }
      const size = isOpen ? 0 : this.#readShort(bytes, i, at + i);
      if (size === 0) this.push(byte, at + i, at + i + 1);
      else i += size - 1;
    }
  }

  /** How many bytes it read that begin like an escape; 0: it takes more than a look at them. */
  #readShort(bytes: Uint8Array, i: number, start: number): number {
    const read = this.#read;
    const size = lengthOfText(bytes, i);
    if (size > 0) {
      for (let at = 0; at < size; at += 1) read.add(bytes[i + at] ?? 0, start + at, start + at + 1);
      this.#high = 0;
      return size;
    }
    const length = bytes[i] === PERCENT ? 3 : 2;
    const value = byteOf(bytes, i);
    if (value === OPEN) return 0;
    const isItself = length === 2 && value === bytes[i + 1];
    read.add(value, isItself ? start + 1 : start, start + length);
    this.#high = 0;
    return length;
  }

  push(byte: number, start: number, end: number): void {
    if (this.#bytes.length === 0 && !isEscapeStart(byte)) {
      this.#high = 0;
      this.#read.add(byte, start, end);
      return;
    }
    if (byte === BACKSLASH && this.#bytes.at(-1) === BACKSLASH) {
      this.#ends[this.#ends.length - 1] = end;
      return;
    }
    this.#bytes.push(byte);
    this.#starts.push(start);
    this.#ends.push(end);
    if (!isEscapeStart(byte)) this.#reduce();
    if (this.#bytes.length > MAX_OPEN_BYTES) this.flush();
  }

  /** Nothing follows: what is open is no escape. */
  flush(): void {
    const [bytes, starts, ends] = [this.#bytes, this.#starts, this.#ends];
    this.#cut(0);
    this.#high = 0;
    for (const [i, byte] of bytes.entries()) {
      if (byte !== BACKSLASH) this.#read.add(byte, starts[i] ?? 0, ends[i] ?? 0);
    }
  }

  #reduce(): void {
    for (;;) {
      const from = this.#bytes.findLastIndex(isEscapeStart);
      if (from < 0) {
        this.flush();
        return;
      }
      const value = escapeIn(this.#bytes, from);
      if (value === OPEN) return;
      if (value === NOTHING) {
        this.#cut(from);
        return;
      }
      if (value !== NONE) {
        this.#replace(from, value);
        return;
      }
      // An escape that is none is text, and so is all before it, which cannot go on over it.
      if (this.#bytes[from] !== BACKSLASH) {
        this.flush();
        return;
      }
      for (const list of [this.#bytes, this.#starts, this.#ends]) list.splice(from, 1);
    }
  }

  #replace(from: number, value: number): void {
    const isByte = this.#bytes[from] === PERCENT;
    const start = this.#starts[from] ?? 0;
    const end = this.#ends.at(-1) ?? 0;
    this.#cut(from);
    if (isByte || value < 0x80) {
      this.push(value, start, end);
    } else if (value >= 0xd800 && value < 0xdc00) {
      this.#high = value;
      this.#highStart = start;
    } else if (value >= 0xdc00 && value < 0xe000 && this.#high !== 0) {
      const whole = String.fromCharCode(this.#high, value);
      this.#pushText(whole, this.#highStart, end);
    } else {
      this.#pushText(String.fromCodePoint(value), start, end);
    }
  }

  #pushText(text: string, start: number, end: number): void {
    this.#high = 0;
    for (const byte of Buffer.from(text)) this.push(byte, start, end);
  }

  #cut(length: number): void {
    this.#bytes = this.#bytes.slice(0, length);
    this.#starts = this.#starts.slice(0, length);
    this.#ends = this.#ends.slice(0, length);
  }
}

/** The bytes of a text with all its escapes undone. */
export function unescaped(text: string): Buffer {
  const bytes = Buffer.from(text);
  const read = new Block(2 * bytes.length);
  const unescaper = new Unescaper(read);
  for (const byte of bytes) unescaper.push(byte, 0, 0);
  unescaper.flush();
  return Buffer.from(read.bytes.subarray(0, read.length));
}
