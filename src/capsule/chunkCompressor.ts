import { constants, createZstdCompress } from 'node:zlib';
import type { ZstdCompress } from 'node:zlib';

/** Level 3 takes 1.4 times the CPU of level 1 for a few per cent of space, and packing is bound by CPU. */
const COMPRESSION_LEVEL = 1;
const OUTPUT_BYTES = 1024 * 1024;

/** libuv's pool runs as many at a time unless told otherwise; each context holds some 2 MiB. */
const CONTEXTS = 4;

/**
 * Compresses on libuv's pool, each object to a frame of its own. Contexts are kept: setting one up for each object
 * takes as long as compressing a chunk, and their memory drives the garbage collector.
 */
export class ChunkCompressor {
  readonly #idle: ZstdCompress[] = [];
  readonly #waiting: ((context: ZstdCompress) => void)[] = [];
  #contexts = 0;

  async compress(bytes: Uint8Array): Promise<Uint8Array> {
    const context = await this.#take();
    try {
      return await writeFrame(context, bytes);
    } finally {
      // One that failed is destroyed, and nobody gets it again.
      this.#give(context.destroyed ? newStream() : context);
    }
  }

  #take(): ZstdCompress | Promise<ZstdCompress> {
    const idle = this.#idle.pop();
    if (idle !== undefined) return idle;
    if (this.#contexts === CONTEXTS) return new Promise((resolve) => this.#waiting.push(resolve));
    this.#contexts += 1;
    return newStream();
  }

  #give(context: ZstdCompress): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#idle.push(context);
    else next(context);
  }
}

/** Ends a frame with every write, and so starts the next one afresh. */
function newStream(): ZstdCompress {
  return createZstdCompress({
    chunkSize: OUTPUT_BYTES,
    flush: constants.ZSTD_e_end,
    params: { [constants.ZSTD_c_compressionLevel]: COMPRESSION_LEVEL },
  });
}

function writeFrame(stream: ZstdCompress, bytes: Uint8Array): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const parts: Uint8Array[] = [];
    const collect = (part: Uint8Array) => void parts.push(part);
    stream.on('data', collect).once('error', reject);
    stream.write(bytes, (error) => {
      stream.off('data', collect).off('error', reject);
      if (error) reject(error);
      else resolve(parts.length === 1 && parts[0] !== undefined ? parts[0] : Buffer.concat(parts));
    });
  });
}
