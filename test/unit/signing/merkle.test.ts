import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { MerkleAccumulator, leafHash, merkleRoot, nodeHash } from '../../../src/signing/merkle.ts';
import { verifyConsistency, verifyInclusion } from '../../../src/signing/merkleProof.ts';
import { vectorPath } from '../../support/vectors.ts';

interface InclusionVector {
  leafIdx: number;
  treeSize: number;
  root: string;
  leafHash: string;
  proof: string[] | null;
  wantErr: boolean;
}

interface ConsistencyVector {
  size1: number;
  size2: number;
  root1: string;
  root2: string;
  proof: string[] | null;
  wantErr: boolean;
}

function decode(text: string): Uint8Array {
  return Buffer.from(text, 'base64');
}

function vectorsIn(folder: string): { name: string; vector: unknown }[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.json'))
    .map((name) => ({
      name,
      vector: JSON.parse(readFileSync(path.join(folder, name), 'utf8')) as unknown,
    }));
}

describe('Merkle trees', () => {
  it('has the hash of nothing as the root of nothing', () => {
    const empty = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
    assert.equal(Buffer.from(merkleRoot([])).toString('hex'), empty);
  });

  it('splits seven leaves as RFC 6962 section 2.1.3 draws it', () => {
    const leaves = Array.from({ length: 7 }, (_, at) => leafHash(Uint8Array.of(at)));
    const [a, b, c, d, e, f, g] = leaves as [
      Buffer,
      Buffer,
      Buffer,
      Buffer,
      Buffer,
      Buffer,
      Buffer,
    ];
    const left = nodeHash(nodeHash(a, b), nodeHash(c, d));
    const right = nodeHash(nodeHash(e, f), g);
    assert.deepEqual(merkleRoot(leaves), nodeHash(left, right));
  });

  it('grows from subtrees to the same root as from leaves', () => {
    const leaves = Array.from({ length: 13 }, (_, at) => leafHash(Uint8Array.of(at)));
    const tree = new MerkleAccumulator();
    tree.addSubtree(merkleRoot(leaves.slice(0, 8)), 3);
    for (const leaf of leaves.slice(8)) tree.add(leaf);
    assert.deepEqual(tree.root(), merkleRoot(leaves));
    assert.equal(tree.size, 13);
  });

  it('judges the published inclusion proofs as they say', function () {
    const folder = vectorPath('merkle-proofs/inclusion');
    if (folder === undefined) return this.skip();
    const vectors = vectorsIn(folder) as { name: string; vector: InclusionVector }[];
    assert.ok(vectors.length >= 90);
    for (const { name, vector } of vectors) {
      const accepted = verifyInclusion({
        leafHash: decode(vector.leafHash),
        index: vector.leafIdx,
        size: vector.treeSize,
        proof: (vector.proof ?? []).map(decode),
        root: decode(vector.root),
      });
      assert.equal(accepted, !vector.wantErr, name);
    }
  });

  it('judges the published consistency proofs as they say', function () {
    const folder = vectorPath('merkle-proofs/consistency');
    if (folder === undefined) return this.skip();
    const vectors = vectorsIn(folder) as { name: string; vector: ConsistencyVector }[];
    assert.ok(vectors.length >= 90);
    for (const { name, vector } of vectors) {
      const accepted = verifyConsistency({
        size1: vector.size1,
        root1: decode(vector.root1),
        size2: vector.size2,
        root2: decode(vector.root2),
        proof: (vector.proof ?? []).map(decode),
      });
      assert.equal(accepted, !vector.wantErr, name);
    }
  });
});
