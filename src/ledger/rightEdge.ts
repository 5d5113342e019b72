import { MeshSimError } from '../base/errors.ts';
import { MerkleAccumulator, leafHash, merkleRoot } from '../signing/merkle.ts';
import { framed } from './entryBundle.ts';
import {
  TILE_HEIGHT,
  TILE_WIDTH,
  bundlePath,
  hashesAtLevel,
  partialFolder,
  tilePath,
} from './tilePath.ts';
import type { Tiles } from './tiles.ts';

/** All that must be known of a ledger to append to it: its unfinished bundle and tiles. Bounded, whatever the size. */
export interface RightEdge {
  readonly size: number;
  /** Bytes of the unfinished entry bundle. */
  readonly bundle: Uint8Array;
  /** Per level, the hashes of its unfinished tile. */
  readonly rows: readonly (readonly Uint8Array[])[];
  readonly tree: MerkleAccumulator;
}

export interface Growth {
  readonly edge: RightEdge;
  /** Files to be written before a checkpoint may cover the new entry. */
  readonly files: readonly { readonly name: string; readonly bytes: Uint8Array }[];
  /** What no checkpoint from the new one on refers to. */
  readonly obsolete: readonly string[];
}

/** Reads the edge and checks that it adds up: the root of its tree is the caller's to compare. */
export async function readEdge(tiles: Tiles, size: number): Promise<RightEdge> {
  const rows: Uint8Array[][] = [];
  const tree = new MerkleAccumulator();
  for (let level = 0; level === 0 || hashesAtLevel(size, level) > 0; level += 1) {
    rows.push(await tiles.row(level, Math.floor(hashesAtLevel(size, level) / TILE_WIDTH)));
  }
  for (const [level, row] of [...rows.entries()].reverse()) {
    for (const hash of row) tree.addSubtree(hash, level * TILE_HEIGHT);
  }
  const last = Math.floor(size / TILE_WIDTH);
  const leaves = await tiles.leaves(last);
  const altered = leaves.findIndex(
    (leaf, at) => Buffer.compare(leafHash(leaf), rows[0]?.[at] ?? new Uint8Array()) !== 0,
  );
  if (altered !== -1) {
    throw new MeshSimError(
      'ledger-broken',
      `Entry ${last * TILE_WIDTH + altered} of the ledger was altered; run "mesh-sim ledger verify".`,
    );
  }
  return { size, bundle: await tiles.bundle(last), rows, tree };
}

/** Adds leaves, at least one, in their order. Pure: the given edge stays as it is. */
export function growBy(edge: RightEdge, leaves: readonly Uint8Array[]): Growth {
  const files = new Map<string, Uint8Array>();
  const obsolete = new Set<string>();
  let grown = edge;
  for (const leaf of leaves) {
    const growth = grow(grown, leaf);
    grown = growth.edge;
    for (const name of growth.obsolete) {
      obsolete.add(name);
      // Nobody ever saw it: no checkpoint was to cover it.
      for (const file of files.keys()) {
        if (file === name || file.startsWith(`${name}/`)) files.delete(file);
      }
    }
    for (const { name, bytes } of growth.files) files.set(name, bytes);
  }
  return {
    edge: grown,
    files: [...files].map(([name, bytes]) => ({ name, bytes })),
    obsolete: [...obsolete],
  };
}

/** Adds one leaf. Pure: the given edge stays as it is. */
export function grow(edge: RightEdge, leaf: Uint8Array): Growth {
  const bundle = Buffer.concat([edge.bundle, framed(leaf)]);
  const size = edge.size + 1;
  const tree = edge.tree.clone();
  tree.add(leafHash(leaf));
  const at = Math.floor(edge.size / TILE_WIDTH);
  const width = (edge.size % TILE_WIDTH) + 1;
  const isFull = width === TILE_WIDTH;
  const files = [{ name: bundlePath(at, width), bytes: bundle as Uint8Array }];
  const obsolete = obsoleteAfter(bundlePath(at), width);
  const rows = [...edge.rows];
  let hash: Uint8Array | undefined = leafHash(leaf);
  for (let level = 0; hash !== undefined; level += 1) {
    const row: Uint8Array[] = [...(rows[level] ?? []), hash];
    const tile = Math.floor((hashesAtLevel(size, level) - 1) / TILE_WIDTH);
    files.push({ name: tilePath(level, tile, row.length), bytes: Buffer.concat(row) });
    obsolete.push(...obsoleteAfter(tilePath(level, tile), row.length));
    hash = row.length === TILE_WIDTH ? merkleRoot(row) : undefined;
    rows[level] = hash === undefined ? row : [];
  }
  const next = { size, bundle: isFull ? new Uint8Array() : bundle, rows, tree };
  return { edge: next, files, obsolete };
}

/** A finished tile replaces all its partial versions, a wider one the version before it. */
function obsoleteAfter(full: string, width: number): string[] {
  const folder = partialFolder(full);
  if (width === TILE_WIDTH) return [folder];
  return width > 1 ? [`${folder}/${width - 1}`] : [];
}
