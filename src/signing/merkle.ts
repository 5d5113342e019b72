import { createHash } from 'node:crypto';

/** Merkle trees of RFC 6962 section 2.1 over SHA-256. Hashes are 32 bytes. Pure. */
const LEAF_PREFIX = Uint8Array.of(0);
const NODE_PREFIX = Uint8Array.of(1);

export function leafHash(bytes: Uint8Array): Uint8Array {
  return createHash('sha256').update(LEAF_PREFIX).update(bytes).digest();
}

export function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  return createHash('sha256').update(NODE_PREFIX).update(left).update(right).digest();
}

/** MTH of a list of leaf hashes; of none, the hash of nothing. */
export function merkleRoot(leafHashes: readonly Uint8Array[]): Uint8Array {
  const tree = new MerkleAccumulator();
  for (const hash of leafHashes) tree.add(hash);
  return tree.root();
}

interface Subtree {
  readonly hash: Uint8Array;
  readonly height: number;
}

/** A tree that only grows. It keeps one perfect subtree per set bit of its size: O(log n) memory. */
export class MerkleAccumulator {
  readonly #subtrees: Subtree[] = [];
  #size = 0;

  clone(): MerkleAccumulator {
    const copy = new MerkleAccumulator();
    for (const { hash, height } of this.#subtrees) copy.addSubtree(hash, height);
    return copy;
  }

  get size(): number {
    return this.#size;
  }

  add(hash: Uint8Array): void {
    this.addSubtree(hash, 0);
  }

  /** Adds a perfect subtree of 2^height leaves. The present size must be a multiple of 2^height. */
  addSubtree(hash: Uint8Array, height: number): void {
    let grown: Subtree = { hash, height };
    for (
      let last = this.#subtrees.at(-1);
      last?.height === grown.height;
      last = this.#subtrees.at(-1)
    ) {
      this.#subtrees.pop();
      grown = { hash: nodeHash(last.hash, grown.hash), height: grown.height + 1 };
    }
    this.#subtrees.push(grown);
    this.#size += 2 ** height;
  }

  root(): Uint8Array {
    if (this.#subtrees.length === 0) return createHash('sha256').digest();
    return this.#subtrees
      .map((subtree) => subtree.hash)
      .reduceRight((right, left) => nodeHash(left, right));
  }
}
