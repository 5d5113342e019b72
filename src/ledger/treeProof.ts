import { nodeHash } from '../signing/merkle.ts';
import type { Tiles } from './tiles.ts';

/** The largest power of two below `count`, which is at least 2. */
function split(count: number): number {
  let size = 1;
  while (size * 2 < count) size *= 2;
  return size;
}

/** MTH of the leaves [from, to), RFC 6962 section 2.1. `from` is a multiple of the enclosing power of two. */
async function rangeHash(tiles: Tiles, from: number, to: number): Promise<Uint8Array> {
  const count = to - from;
  const height = Math.log2(count);
  if (Number.isInteger(height)) return tiles.node(height, from / count);
  const middle = from + split(count);
  return nodeHash(await rangeHash(tiles, from, middle), await rangeHash(tiles, middle, to));
}

/** PATH(index, D[size]) of RFC 6962 section 2.1.1: siblings from the leaf upwards. */
export async function inclusionPath(
  tiles: Tiles,
  index: number,
  size: number,
): Promise<Uint8Array[]> {
  const path: Uint8Array[] = [];
  let from = 0;
  let to = size;
  while (to - from > 1) {
    const middle = from + split(to - from);
    if (index < middle) {
      path.unshift(await rangeHash(tiles, middle, to));
      to = middle;
    } else {
      path.unshift(await rangeHash(tiles, from, middle));
      from = middle;
    }
  }
  return path;
}

/** PROOF(size1, D[size2]) of RFC 6962 section 2.1.2, for 0 < size1 < size2. */
export async function consistencyPath(
  tiles: Tiles,
  size1: number,
  size2: number,
): Promise<Uint8Array[]> {
  const path: Uint8Array[] = [];
  let from = 0;
  let to = size2;
  while (to !== size1) {
    const middle = from + split(to - from);
    if (size1 <= middle) {
      path.unshift(await rangeHash(tiles, middle, to));
      to = middle;
    } else {
      path.unshift(await rangeHash(tiles, from, middle));
      from = middle;
    }
  }
  // A verifier knows the root of size1 already; only when that is not this whole subtree must it be told.
  if (from > 0) path.unshift(await rangeHash(tiles, from, to));
  return path;
}
