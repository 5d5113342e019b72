import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { systemCode } from '../base/errors.ts';
import { readRegular } from '../base/regularFile.ts';
import { entryOfLeaf } from '../signing/ledgerLeaf.ts';
import { leafHash } from '../signing/merkle.ts';
import { readableLeaves } from './entryBundle.ts';
import type { AppendedEntry } from './ledger.ts';
import { TILE_WIDTH, bundleIndexOf } from './tilePath.ts';

/**
 * The entries that can still be read of a ledger that is broken, oldest first, with gaps. It needs neither checkpoint nor
 * hashes, so nothing it returns is proven: it is for showing what is there, never for relying on it.
 */
export async function salvageEntries(ledgerFolder: string): Promise<AppendedEntry[]> {
  const folder = path.join(ledgerFolder, 'tile', 'entries');
  const found = new Map<number, AppendedEntry>();
  for (const name of await filesBelow(folder)) {
    const bundle = bundleIndexOf(name);
    if (bundle === undefined) continue;
    const leaves = readableLeaves(await bytesOf(path.join(folder, name)));
    for (const [at, leaf] of leaves.entries()) {
      const entry = readableEntry(bundle * TILE_WIDTH + at, leaf);
      if (entry !== undefined) found.set(entry.index, entry);
    }
  }
  return [...found.values()].sort((left, right) => left.index - right.index);
}

/** Names relative to the folder, with `/`. */
async function filesBelow(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => path.relative(folder, path.join(parentPath, name)))
      .map((name) => name.split(path.sep).join('/'));
  } catch (error) {
    if (systemCode(error) !== undefined) return [];
    throw error;
  }
}

async function bytesOf(file: string): Promise<Uint8Array> {
  try {
    return await readRegular(file);
  } catch (error) {
    if (systemCode(error) !== undefined) return new Uint8Array();
    throw error;
  }
}

function readableEntry(index: number, leaf: Uint8Array): AppendedEntry | undefined {
  try {
    const hash = Buffer.from(leafHash(leaf)).toString('hex');
    return { index, leafHash: hash, entry: entryOfLeaf(leaf) };
  } catch {
    return undefined;
  }
}
