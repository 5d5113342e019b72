import { MeshSimError } from '../base/errors.ts';
import { nodeHash } from '../signing/merkle.ts';
import { leavesOf } from './entryBundle.ts';
import type { LedgerFiles } from './ledgerFiles.ts';
import {
  TILE_HEIGHT,
  TILE_WIDTH,
  bundlePath,
  hashesAtLevel,
  tilePath,
  widthOf,
} from './tilePath.ts';

const HASH_BYTES = 32;

/** A covered file that is not there. Also happens to a reader while another process appends: read the head again. */
export class TileMissing extends MeshSimError {
  constructor(name: string) {
    super('ledger-broken', `The ledger's file ${name} is missing or has the wrong length.`);
  }
}

/** Reads the tiles of a tree of a fixed size. Keeps what it read: make one per operation. */
export class Tiles {
  readonly #files: LedgerFiles;
  readonly #size: number;
  readonly #rows = new Map<string, Promise<Uint8Array[]>>();

  constructor(files: LedgerFiles, size: number) {
    this.#files = files;
    this.#size = size;
  }

  /** The hashes of one tile; empty beyond the tree. */
  row(level: number, index: number): Promise<Uint8Array[]> {
    const width = widthOf(hashesAtLevel(this.#size, level), index);
    if (width === 0) return Promise.resolve([]);
    const name = tilePath(level, index, width);
    const known = this.#rows.get(name);
    if (known !== undefined) return known;
    const row = this.#readRow(name, width);
    this.#rows.set(name, row);
    return row;
  }

  async #readRow(name: string, width: number): Promise<Uint8Array[]> {
    const bytes = await this.#files.read(name);
    if (bytes?.length !== width * HASH_BYTES) throw new TileMissing(name);
    return Array.from({ length: width }, (_, at) =>
      bytes.subarray(at * HASH_BYTES, (at + 1) * HASH_BYTES),
    );
  }

  /** The raw bytes of an entry bundle; empty beyond the tree. */
  async bundle(index: number): Promise<Uint8Array> {
    const width = widthOf(this.#size, index);
    if (width === 0) return new Uint8Array();
    const name = bundlePath(index, width);
    const bytes = await this.#files.read(name);
    if (bytes === undefined) throw new TileMissing(name);
    return bytes;
  }

  /** The leaves of an entry bundle. */
  async leaves(index: number): Promise<Uint8Array[]> {
    return leavesOf(await this.bundle(index), widthOf(this.#size, index), index * TILE_WIDTH);
  }

  /** The hash of the perfect subtree of 2^height leaves number `index`. */
  async node(height: number, index: number): Promise<Uint8Array> {
    const level = Math.floor(height / TILE_HEIGHT);
    const span = 2 ** (height % TILE_HEIGHT);
    const first = index * span;
    const row = await this.row(level, Math.floor(first / TILE_WIDTH));
    const start = first % TILE_WIDTH;
    return perfectRoot(row.slice(start, start + span));
  }
}

/** The root over 2^n hashes. */
function perfectRoot(hashes: readonly Uint8Array[]): Uint8Array {
  const [only, other] = hashes;
  if (only === undefined)
    throw new MeshSimError('internal', 'A subtree beyond the tree was asked for.');
  if (other === undefined) return only;
  const half = hashes.length / 2;
  return nodeHash(perfectRoot(hashes.slice(0, half)), perfectRoot(hashes.slice(half)));
}
