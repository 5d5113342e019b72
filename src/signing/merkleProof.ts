import { nodeHash } from './merkle.ts';

export interface InclusionClaim {
  readonly leafHash: Uint8Array;
  readonly index: number;
  readonly size: number;
  readonly proof: readonly Uint8Array[];
  readonly root: Uint8Array;
}

export interface ConsistencyClaim {
  readonly size1: number;
  readonly root1: Uint8Array;
  readonly size2: number;
  readonly root2: Uint8Array;
  readonly proof: readonly Uint8Array[];
}

const HASH_BYTES = 32;

function areEqual(left: Uint8Array, right: Uint8Array): boolean {
  return Buffer.compare(left, right) === 0;
}

function areHashes(hashes: readonly Uint8Array[]): boolean {
  return hashes.every((hash) => hash.length === HASH_BYTES);
}

function half(position: number): number {
  return Math.floor(position / 2);
}

function isOdd(position: number): boolean {
  return position % 2 === 1;
}

/** RFC 9162 section 2.1.3.2, which proves what RFC 6962 section 2.1.1 builds. */
export function verifyInclusion(claim: InclusionClaim): boolean {
  const { index, size, proof, root } = claim;
  if (!Number.isSafeInteger(size) || !Number.isSafeInteger(index)) return false;
  if (index < 0 || index >= size || !areHashes([claim.leafHash, root, ...proof])) return false;
  let node = index;
  let last = size - 1;
  let hash = claim.leafHash;
  for (const sibling of proof) {
    if (last === 0) return false;
    if (isOdd(node) || node === last) {
      hash = nodeHash(sibling, hash);
      while (!isOdd(node) && node !== 0) {
        node = half(node);
        last = half(last);
      }
    } else {
      hash = nodeHash(hash, sibling);
    }
    node = half(node);
    last = half(last);
  }
  return last === 0 && areEqual(hash, root);
}

function isPowerOfTwo(size: number): boolean {
  return Number.isInteger(Math.log2(size)) && 2 ** Math.round(Math.log2(size)) === size;
}

/**
 * RFC 9162 section 2.1.4.2: the tree of `size1` leaves is a prefix of the tree of `size2` leaves. Of an empty tree
 * nothing can be shown: false.
 */
export function verifyConsistency(claim: ConsistencyClaim): boolean {
  const { size1, root1, size2, root2, proof } = claim;
  if (!Number.isSafeInteger(size1) || !Number.isSafeInteger(size2)) return false;
  if (size1 < 1 || size1 > size2 || !areHashes(proof)) return false;
  if (size1 === size2) return proof.length === 0 && areEqual(root1, root2);
  const path = isPowerOfTwo(size1) ? [root1, ...proof] : [...proof];
  const seed = path.shift();
  if (seed === undefined || proof.length === 0) return false;
  return climb(seed, path, claim);
}

function climb(seed: Uint8Array, path: readonly Uint8Array[], claim: ConsistencyClaim): boolean {
  let node = claim.size1 - 1;
  let last = claim.size2 - 1;
  while (isOdd(node)) {
    node = half(node);
    last = half(last);
  }
  let hash1 = seed;
  let hash2 = seed;
  for (const sibling of path) {
    if (last === 0) return false;
    if (isOdd(node) || node === last) {
      hash1 = nodeHash(sibling, hash1);
      hash2 = nodeHash(sibling, hash2);
      while (!isOdd(node) && node !== 0) {
        node = half(node);
        last = half(last);
      }
    } else {
      hash2 = nodeHash(hash2, sibling);
    }
    node = half(node);
    last = half(last);
  }
  return last === 0 && areEqual(hash1, claim.root1) && areEqual(hash2, claim.root2);
}
