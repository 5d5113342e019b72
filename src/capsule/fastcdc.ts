import { createHash } from 'node:crypto';
import type { Chunker } from '../model/capsule.ts';

/**
 * Content-defined chunking, "fastcdc-v1": FastCDC (Xia et al., USENIX ATC 2016) with normalisation level 2 over a
 * 32-bit gear hash. A small insert moves the cuts around it and no others, so all other chunks are reused.
 */
export const FASTCDC_V1: Chunker = {
  name: 'fastcdc-v1',
  minBytes: 16 * 1024,
  averageBytes: 64 * 1024,
  maxBytes: 256 * 1024,
};

/** Before the average size a cut needs 18 zero bits (2 more than log2 of 64 KiB), after it 14: sizes gather around it. */
const MASK_BEFORE_AVERAGE = 0xffffc000 | 0;
const MASK_AFTER_AVERAGE = 0xfffc0000 | 0;

/** gear[i] = the first four bytes, big-endian, of SHA-256("fastcdc-v1 gear <i>"), i in decimal: anybody can rebuild it. */
const GEAR = Int32Array.from({ length: 256 }, (_, byte) =>
  createHash('sha256').update(`fastcdc-v1 gear ${byte}`).digest().readInt32BE(0),
);

/** Length of the chunk at the start of `bytes[start, end)`. Final only if maxBytes are there, or nothing follows. */
export function chunkLength(bytes: Uint8Array, start: number, end: number): number {
  const { minBytes, averageBytes, maxBytes } = FASTCDC_V1;
  const available = Math.min(end - start, maxBytes);
  if (available <= minBytes) return available;
  const average = start + Math.min(averageBytes, available);
  const limit = start + available;
  let at = start + minBytes;
  let hash = 0;
  while (at < average) {
    hash = ((hash << 1) + (GEAR[bytes[at++] ?? 0] ?? 0)) | 0;
    if ((hash & MASK_BEFORE_AVERAGE) === 0) return at - start;
  }
  while (at < limit) {
    hash = ((hash << 1) + (GEAR[bytes[at++] ?? 0] ?? 0)) | 0;
    if ((hash & MASK_AFTER_AVERAGE) === 0) return at - start;
  }
  return available;
}

const WINDOW_BYTES = 8 * FASTCDC_V1.maxBytes;

/** Cuts a stream into chunks; how the stream was cut before makes no difference. Each chunk is a copy of its own. */
export async function* chunksOf(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const window = new Uint8Array(WINDOW_BYTES);
  let start = 0;
  let end = 0;
  for await (const piece of pieces) {
    let taken = 0;
    while (taken < piece.length) {
      const part = piece.subarray(taken, taken + WINDOW_BYTES - end);
      window.set(part, end);
      end += part.length;
      taken += part.length;
      if (end < WINDOW_BYTES) continue;
      while (end - start >= FASTCDC_V1.maxBytes) {
        const length = chunkLength(window, start, end);
        yield window.slice(start, start + length);
        start += length;
      }
      window.copyWithin(0, start, end);
      end -= start;
      start = 0;
    }
  }
  while (start < end) {
    const length = chunkLength(window, start, end);
    yield window.slice(start, start + length);
    start += length;
  }
}
