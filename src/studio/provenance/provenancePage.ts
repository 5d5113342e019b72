import type { ProvenancePage, ProvenanceRun } from '../../model/provenanceApi.ts';
import type { AppendedEntry } from '../../ledger/ledger.ts';
import { RunDescriber } from '../runs/describeRun.ts';
import { readProvenance, type ReadProvenance } from './provenance.ts';
import { linksOf, problemAlong } from './provenanceChain.ts';
import { NOT_COVERED, ProofReader } from './provenanceProof.ts';
import type { Studio } from '../studio.ts';

export interface PageRequest {
  /** Rows of entries before this ledger index; left out: from the newest. */
  readonly before?: number;
  /** Rows to return, 1 to 200. */
  readonly limit: number;
}

/**
 * One page of the provenance timeline, newest first, with the audit of the whole ledger. A row is proven as its box in the
 * chain of trust is, but for the chunks of Capsules, which are not read for a list. A broken or unreadable ledger is reported
 * in `integrity`, not thrown: its readable part is still worth seeing.
 */
export async function provenancePage(
  studio: Studio,
  request: PageRequest,
): Promise<ProvenancePage> {
  const provenance = await readProvenance(studio.workspace);
  const { entries, integrity } = provenance;
  const rows = timelineEntries(entries).filter(({ index }) => index < (request.before ?? Infinity));
  const shown = rows.slice(0, request.limit);
  const describer = await RunDescriber.open(studio, entries);
  const problems = await problemsOf(shown, provenance, studio);
  const runs: ProvenanceRun[] = [];
  for (const entry of shown) {
    const problem = problems.get(entry.index);
    runs.push({
      ...(await describer.describe(entry)),
      isProven: problem === undefined,
      ...(problem === undefined ? {} : { problem }),
    });
  }
  const last = shown.at(-1);
  const hasMore = rows.length > shown.length && last !== undefined;
  return { integrity, runs, ...(hasMore ? { next: last.index } : {}) };
}

/** Why entries are not proven, by ledger index. */
async function problemsOf(
  shown: readonly AppendedEntry[],
  provenance: ReadProvenance,
  { workspace, keptProofs }: Studio,
): Promise<Map<number, string>> {
  const { entries, integrity } = provenance;
  // Keys that cannot be read are a reason for a ledger of which nothing is verified, and no reason to show nothing of it.
  if (integrity.verified === 0) return new Map(shown.map(({ index }) => [index, NOT_COVERED]));
  const reader = await ProofReader.open(workspace, provenance, 'manifest');
  const signed = shown.filter(({ entry }) => 'body' in entry);
  const links = await linksOf(signed, entries, keptProofs.before(reader));
  const problemOf = async (appended: AppendedEntry): Promise<string | undefined> => {
    const link = links.get(appended.index);
    if (link !== undefined) return problemAlong(link, links);
    // Of a start only the ledger speaks.
    return (await reader.isCovered(appended)) ? undefined : NOT_COVERED;
  };
  const problems = new Map<number, string>();
  for (const appended of shown) {
    const problem = await problemOf(appended);
    if (problem !== undefined) problems.set(appended.index, problem);
  }
  return problems;
}

/** Newest first; a run that was started and sealed is one row, that of its result. */
export function timelineEntries(entries: readonly AppendedEntry[]): AppendedEntry[] {
  const sealed = new Set(
    entries.flatMap(({ entry }) => (entry.kind === 'sim-result' ? [entry.simId] : [])),
  );
  return entries
    .filter(({ entry }) => entry.kind !== 'sim-started' || !sealed.has(entry.simId))
    .reverse();
}
