import { leafHash } from './merkle.ts';
import { verifyInclusion } from './merkleProof.ts';
import type { Checkpoint } from './checkpoint.ts';

/** An entry of a ledger, and the proof that a checkpoint of that ledger covers it. */
export interface InclusionProof {
  readonly index: number;
  /** Entries covered by `checkpoint`. */
  readonly treeSize: number;
  /** The leaf's very bytes. */
  readonly leaf: Uint8Array;
  /** Sibling hashes from the leaf upwards, 32 bytes each. */
  readonly hashes: readonly Uint8Array[];
  /** 32 bytes; equal to the checkpoint's. */
  readonly rootHash: Uint8Array;
  /** C2SP checkpoint, a signed note. */
  readonly checkpoint: string;
}

/** True when the leaf is at its index in the tree the checkpoint commits to. Says nothing of who signed it. */
export function provesInclusion(proof: InclusionProof, checkpoint: Checkpoint): boolean {
  return (
    checkpoint.size === proof.treeSize &&
    Buffer.compare(checkpoint.root, proof.rootHash) === 0 &&
    verifyInclusion({
      leafHash: leafHash(proof.leaf),
      index: proof.index,
      size: proof.treeSize,
      proof: proof.hashes,
      root: proof.rootHash,
    })
  );
}
