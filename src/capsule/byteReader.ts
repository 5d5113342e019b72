/**
 * Reads a stream of pieces as lines and runs of bytes, however the pieces were cut. What it returns may be a view of a
 * piece: it is good until the next read, when the source may take the memory of that piece back.
 */
export class ByteReader {
  readonly #source: AsyncIterator<unknown> | Iterator<unknown>;
  #piece: Buffer = Buffer.alloc(0);

  constructor(source: AsyncIterable<unknown> | Iterable<unknown>) {
    this.#source =
      Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]();
  }

  /** The next `size` bytes. @throws EndOfBytes when the source ends before. */
  async take(size: number): Promise<Buffer> {
    if (this.#piece.length >= size) return this.#cut(size);
    const bytes = Buffer.allocUnsafe(size);
    let taken = 0;
    for await (const part of this.pieces(size)) {
      bytes.set(part, taken);
      taken += part.length;
    }
    return bytes;
  }

  /** The next `size` bytes as they come, without copying. */
  async *pieces(size: number): AsyncGenerator<Uint8Array> {
    let missing = size;
    while (missing > 0) {
      if (this.#piece.length === 0 && !(await this.#more())) throw new EndOfBytes();
      const part = this.#cut(Math.min(missing, this.#piece.length));
      missing -= part.length;
      yield part;
    }
  }

  /** The bytes up to the next line feed, without it. @throws EndOfBytes when none comes within `limit` bytes. */
  async line(limit: number): Promise<Buffer> {
    let end = this.#piece.indexOf(0x0a);
    while (end < 0 && this.#piece.length <= limit) {
      const before = Buffer.from(this.#piece);
      if (!(await this.#more())) throw new EndOfBytes();
      this.#piece = Buffer.concat([before, this.#piece]);
      end = this.#piece.indexOf(0x0a);
    }
    if (end < 0 || end > limit) throw new EndOfBytes();
    const line = this.#cut(end);
    this.#cut(1);
    return line;
  }

  async atEnd(): Promise<boolean> {
    return this.#piece.length === 0 && !(await this.#more());
  }

  #cut(size: number): Buffer {
    const part = this.#piece.subarray(0, size);
    this.#piece = this.#piece.subarray(size);
    return part;
  }

  async #more(): Promise<boolean> {
    for (;;) {
      const next = await this.#source.next();
      if (next.done === true) return false;
      const value: unknown = next.value;
      if (!(value instanceof Uint8Array) || value.length === 0) continue;
      this.#piece = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
      return true;
    }
  }
}

export class EndOfBytes extends Error {
  constructor() {
    super('the bytes end too early');
    this.name = 'EndOfBytes';
  }
}
