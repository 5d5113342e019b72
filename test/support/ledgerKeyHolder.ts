import type { LedgerEntry } from '../../src/model/ledgerEntry.ts';
import { appendLeaves, readTip } from '../../src/ledger/append.ts';
import { filesIn } from '../../src/ledger/ledgerFiles.ts';
import { withLock } from '../../src/ledger/lock.ts';
import type { SigningKey } from '../../src/signing/keys.ts';
import { leafBytes } from '../../src/signing/ledgerLeaf.ts';

/** What whoever holds the ledger key can do with a program of their own: append any entry, whatever stands behind it. */
export async function forceEntry(
  folder: string,
  key: SigningKey,
  entry: LedgerEntry,
): Promise<number> {
  const files = filesIn(folder);
  const leaf = leafBytes(entry);
  return withLock(folder, async (lock) => {
    const tip = await readTip(files, key.publicKey, undefined);
    await appendLeaves(files, key, tip, [leaf], lock);
    return tip.head.size;
  });
}
