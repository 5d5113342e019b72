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
  const early = cutWithin(bytes, start + minBytes, average, MASK_BEFORE_AVERAGE, 0);
  if (early > 0) return early - start;
  const late = cutWithin(bytes, average, limit, MASK_AFTER_AVERAGE, hashAt(bytes, average));
  return late > 0 ? late - start : available;
}

/** Where the first cut in `bytes[from, to)` is, 0 for nowhere. Four bytes at a time take two thirds of the time. */
function cutWithin(bytes: Uint8Array, from: number, to: number, mask: number, before: number) {
  let hash = before;
  let at = from;
  for (; at + 4 <= to; at += 4) {
    const first = rolled(hash, bytes, at);
    const second = rolled(first, bytes, at + 1);
    const third = rolled(second, bytes, at + 2);
    hash = rolled(third, bytes, at + 3);
    if ((first & mask) === 0) return at + 1;
    if ((second & mask) === 0) return at + 2;
    if ((third & mask) === 0) return at + 3;
    if ((hash & mask) === 0) return at + 4;
  }
  while (at < to) {
    hash = rolled(hash, bytes, at);
    at += 1;
    if ((hash & mask) === 0) return at;
  }
  return 0;
}

/** The hash before a position depends on the 32 bytes before it alone: older ones are shifted out of its 32 bits. */
function hashAt(bytes: Uint8Array, position: number): number {
  let hash = 0;
  for (let at = position - 32; at < position; at += 1) hash = rolled(hash, bytes, at);
  return hash;
}

function rolled(hash: number, bytes: Uint8Array, at: number): number {
  return ((hash << 1) + (GEAR[bytes[at] ?? 0] ?? 0)) | 0;
}
