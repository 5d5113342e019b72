import type { UnprovenRecord } from '../../deploy/gateFacts.ts';
import type { AppendedEntry } from '../../ledger/ledger.ts';
import type { LedgerEntry } from '../../model/ledgerEntry.ts';
import { linksOf, ownProblem } from './provenanceChain.ts';
import type { ProofReader } from './provenanceProof.ts';

/**
 * Those of the records, and of all that they rest on, that do not verify now, oldest first. What is sound itself and rests
 * on something unproven is not named again.
 * @param about all entries of the Capsule
 */
export async function unprovenRecords(
  records: readonly AppendedEntry[],
  about: readonly AppendedEntry[],
  reader: ProofReader,
): Promise<UnprovenRecord[]> {
  const newestPack = about.findLast(({ entry }) => entry.kind === 'pack')?.index;
  const links = await linksOf(records, about, reader);
  return [...links.values()]
    .flatMap((link) => {
      const { index, entry } = link.appended;
      const problem = ownProblem(link);
      return problem === undefined || index === newestPack
        ? []
        : [{ index, name: nameOf(entry), problem }];
    })
    .sort((a, b) => a.index - b.index);
}

function nameOf(entry: LedgerEntry): string {
  switch (entry.kind) {
    case 'pack':
      return 'an earlier pack';
    case 'sim-started':
    case 'sim-result':
      return `rehearsal ${entry.simId.slice(0, 8)}`;
    case 'gate-decision':
      return `gate decision of ${entry.environment}`;
    case 'deploy':
      return `deploy to ${entry.environment}`;
  }
}
