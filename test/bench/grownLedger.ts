import { readEdge, grow } from '../../src/ledger/rightEdge.ts';
import { readHead } from '../../src/ledger/head.ts';
import { filesIn } from '../../src/ledger/ledgerFiles.ts';
import { Ledger } from '../../src/ledger/ledger.ts';
import { CHECKPOINT } from '../../src/ledger/tilePath.ts';
import { Tiles } from '../../src/ledger/tiles.ts';
import type { LedgerEntry } from '../../src/model/ledgerEntry.ts';
import { signCheckpoint } from '../../src/signing/checkpoint.ts';
import type { SigningKey } from '../../src/signing/keys.ts';
import { leafBytes } from '../../src/signing/ledgerLeaf.ts';

/** A ledger of `size` entries, written at once instead of entry by entry: the same files, without the waiting. */
export async function grownLedger(
  folder: string,
  options: { readonly key: SigningKey; readonly size: number; readonly entry: () => LedgerEntry },
): Promise<Ledger> {
  const { key, size, entry } = options;
  await Ledger.open(folder, key);
  const files = filesIn(folder);
  const { origin } = await readHead(files, key.publicKey);
  let edge = await readEdge(new Tiles(files, 0), 0);
  const written = new Map<string, Uint8Array>();
  for (let i = 0; i < size; i += 1) {
    const growth = grow(edge, leafBytes(entry()));
    edge = growth.edge;
    for (const file of growth.files) written.set(file.name, file.bytes);
    for (const name of growth.obsolete) forget(written, name);
  }
  for (const [name, bytes] of written) await files.create(name, bytes);
  const note = signCheckpoint({ origin, size, root: edge.tree.root() }, key);
  await files.replace(CHECKPOINT, Buffer.from(note));
  return Ledger.open(folder, key);
}

/** A name stands for a file or for a whole folder. */
function forget(written: Map<string, Uint8Array>, obsolete: string): void {
  for (const name of written.keys()) {
    if (name === obsolete || name.startsWith(`${obsolete}/`)) written.delete(name);
  }
}
