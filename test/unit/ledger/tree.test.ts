import assert from 'node:assert/strict';
import { grow, readEdge } from '../../../src/ledger/rightEdge.ts';
import type { RightEdge } from '../../../src/ledger/rightEdge.ts';
import { bundlePath, tilePath } from '../../../src/ledger/tilePath.ts';
import { Tiles } from '../../../src/ledger/tiles.ts';
import { consistencyPath, inclusionPath } from '../../../src/ledger/treeProof.ts';
import { MerkleAccumulator, leafHash, merkleRoot } from '../../../src/signing/merkle.ts';
import { verifyConsistency, verifyInclusion } from '../../../src/signing/merkleProof.ts';
import { MemoryFiles } from '../../support/memoryFiles.ts';

const EMPTY: RightEdge = {
  size: 0,
  bundle: new Uint8Array(),
  rows: [],
  tree: new MerkleAccumulator(),
};

function leafNumber(number: number): Uint8Array {
  return Buffer.from(`leaf ${number}`);
}

/** The files of a tree of `size` leaves, written one leaf at a time as the ledger does. */
async function treeOf(size: number): Promise<{ files: MemoryFiles; edge: RightEdge }> {
  const files = new MemoryFiles();
  let edge = EMPTY;
  for (let number = 0; number < size; number += 1) {
    const growth = grow(edge, leafNumber(number));
    for (const { name, bytes } of growth.files) await files.create(name, bytes);
    for (const name of growth.obsolete) await files.remove(name);
    edge = growth.edge;
  }
  return { files, edge };
}

function leafHashes(size: number): Uint8Array[] {
  return Array.from({ length: size }, (_, number) => leafHash(leafNumber(number)));
}

describe('tile paths', () => {
  it('follow the C2SP layout', () => {
    assert.equal(tilePath(0, 5), 'tile/0/005');
    assert.equal(tilePath(1, 1234067), 'tile/1/x001/x234/067');
    assert.equal(tilePath(2, 0, 7), 'tile/2/000.p/7');
    assert.equal(bundlePath(256, 1), 'tile/entries/256.p/1');
  });
});

describe('a growing tree', () => {
  for (const size of [1, 2, 3, 255, 256, 257, 600]) {
    it(`of ${size} leaves has the root of its leaves, in memory and read back`, async () => {
      const { files, edge } = await treeOf(size);
      const root = merkleRoot(leafHashes(size));
      assert.deepEqual(edge.tree.root(), root);
      const read = await readEdge(new Tiles(files, size), size);
      assert.deepEqual(read.tree.root(), root);
      assert.deepEqual(read.rows, edge.rows.slice(0, read.rows.length));
      assert.deepEqual(Buffer.from(read.bundle), Buffer.from(edge.bundle));
    });
  }

  it('keeps one file per finished tile and one per unfinished one', async () => {
    const { files } = await treeOf(258);
    assert.deepEqual([...files.content.keys()].sort(), [
      'tile/0/000',
      'tile/0/001.p/2',
      'tile/1/000.p/1',
      'tile/entries/000',
      'tile/entries/001.p/2',
    ]);
  });

  it('adds up over a third level', () => {
    const size = 256 * 256 + 3;
    let edge = EMPTY;
    const tree = new MerkleAccumulator();
    const levels = new Set<string>();
    for (let number = 0; number < size; number += 1) {
      const growth = grow(edge, Uint8Array.of(number));
      tree.add(leafHash(Uint8Array.of(number)));
      for (const { name } of growth.files) levels.add(name.split('/')[1] ?? '');
      edge = growth.edge;
    }
    assert.deepEqual(edge.tree.root(), tree.root());
    assert.deepEqual([...levels].sort(), ['0', '1', '2', 'entries']);
  }).timeout(20_000);
});

describe('proofs from tiles', () => {
  const SIZE = 530;

  it('show every leaf to be included, at the size that was asked for', async () => {
    const { files } = await treeOf(SIZE);
    const hashes = leafHashes(SIZE);
    for (const size of [1, 2, 255, 256, 257, 511, SIZE]) {
      const root = merkleRoot(hashes.slice(0, size));
      for (const index of [0, 1, 254, 255, 256, 300, size - 1].filter((at) => at < size)) {
        const proof = await inclusionPath(new Tiles(files, SIZE), index, size);
        const claim = { leafHash: hashes[index]!, index, size, proof, root };
        assert.ok(verifyInclusion(claim), `${index} of ${size}`);
        assert.ok(!verifyInclusion({ ...claim, index: (index + 1) % (size + 1) }));
      }
    }
  });

  it('show every earlier tree to be a prefix', async () => {
    const { files } = await treeOf(SIZE);
    const hashes = leafHashes(SIZE);
    const root2 = merkleRoot(hashes);
    for (let size1 = 1; size1 < SIZE; size1 += 13) {
      const proof = await consistencyPath(new Tiles(files, SIZE), size1, SIZE);
      const root1 = merkleRoot(hashes.slice(0, size1));
      const claim = { size1, root1, size2: SIZE, root2, proof };
      assert.ok(verifyConsistency(claim), `${size1}`);
      assert.ok(!verifyConsistency({ ...claim, root1: root2 }));
    }
  });
});
