import { chunkLength, FASTCDC_V1 } from './fastcdc.ts';

/** Some 16 chunks: a few milliseconds of work, after which whatever waits for this thread has its turn. */
const WINDOW_BYTES = 4 * FASTCDC_V1.maxBytes;
/** Enough to keep compressor and disk busy while the next bytes come in. */
const WINDOWS = 8;

/** Memory that chunks are cut from, and what still reads it. */
interface Window {
  readonly bytes: Uint8Array;
  readonly uses: Promise<unknown>[];
}

/**
 * Takes turns with a few windows. Fresh memory for all bytes of a product would occupy the kernel, which clears it, and
 * the garbage collector, which looks for it, about as long as the chunker.
 */
class WindowRing {
  readonly #windows: Window[] = [];

  /** One that nothing reads any longer. Rejects when a use of it failed. */
  async next(): Promise<Window> {
    const oldest = this.#windows.length < WINDOWS ? undefined : this.#windows.shift();
    await Promise.all(oldest?.uses ?? []);
    const bytes = oldest?.bytes ?? Buffer.allocUnsafeSlow(WINDOW_BYTES);
    const window = { bytes, uses: [] };
    this.#windows.push(window);
    return window;
  }
}

/**
 * Cuts a stream into chunks and hands each to `use`, in order, without waiting for it; how the stream was cut before
 * makes no difference. The bytes of a chunk stay until its `use` has settled, and are written over then.
 * @returns what the uses resolved to. When one of them or the stream fails, all that were begun settle first.
 */
export async function mapChunks<T>(
  pieces: AsyncIterable<Uint8Array>,
  use: (chunk: Uint8Array) => Promise<T>,
): Promise<T[]> {
  const ring = new WindowRing();
  const results: Promise<T>[] = [];
  const begin = (chunk: Uint8Array, window: Window): void => {
    const result = use(chunk);
    // Whoever asks for the window or for all results hears of a failure; in between nobody may be listening.
    result.catch(() => undefined);
    results.push(result);
    window.uses.push(result);
  };
  let window = await ring.next();
  let end = 0;
  try {
    for await (const piece of pieces) {
      let taken = 0;
      while (taken < piece.length) {
        const part = piece.subarray(taken, taken + WINDOW_BYTES - end);
        window.bytes.set(part, end);
        end += part.length;
        taken += part.length;
        if (end < WINDOW_BYTES) continue;
        let start = 0;
        while (end - start >= FASTCDC_V1.maxBytes) {
          const length = chunkLength(window.bytes, start, end);
          begin(window.bytes.subarray(start, start + length), window);
          start += length;
        }
        const rest = window.bytes.subarray(start);
        window = await ring.next();
        window.bytes.set(rest);
        end = rest.length;
      }
    }
    for (let start = 0; start < end;) {
      const length = chunkLength(window.bytes, start, end);
      begin(window.bytes.subarray(start, start + length), window);
      start += length;
    }
    return await Promise.all(results);
  } finally {
    await Promise.allSettled(results);
  }
}
