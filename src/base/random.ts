/**
 * Counter-based random numbers: a draw is a pure function of its keys, never of the draws before it.
 * That is what lets a replay make the same link decisions although the host's timing differs.
 * The mixing is MurmurHash3's 32-bit block and finaliser (public domain, Austin Appleby).
 */
const BLOCK_1 = 0xcc9e2d51;
const BLOCK_2 = 0x1b873593;

function mixBlock(hash: number, key: number): number {
  let k = Math.imul(key, BLOCK_1);
  k = (k << 15) | (k >>> 17);
  const h = hash ^ Math.imul(k, BLOCK_2);
  return (Math.imul((h << 13) | (h >>> 19), 5) + 0xe6546b64) | 0;
}

/** A uniformly distributed unsigned 32-bit integer for the tuple (seed, a, b, c). All keys are taken modulo 2^32. */
export function drawUint32(seed: number, a: number, b = 0, c = 0): number {
  let h = mixBlock(mixBlock(mixBlock(seed | 0, a), b), c);
  h ^= 16;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

const UINT32_RANGE = 4294967296;

/** A number in [0, 1) with 32 bits of resolution for the tuple (seed, a, b, c). */
export function drawUnit(seed: number, a: number, b = 0, c = 0): number {
  return drawUint32(seed, a, b, c) / UINT32_RANGE;
}
