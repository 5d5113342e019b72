import type { ProvenancePage, ProvenanceRun } from '../model/api.ts';
import type { AppendedEntry } from '../ledger/ledger.ts';
import { RunDescriber } from './describeRun.ts';
import { readProvenance } from './provenance.ts';
import { NOT_COVERED, ProofReader } from './provenanceProof.ts';
import type { Studio } from './studio.ts';

export interface PageRequest {
  /** Rows of entries before this ledger index; left out: from the newest. */
  readonly before?: number;
  /** Rows to return, 1 to 200. */
  readonly limit: number;
}

/**
 * One page of the provenance timeline, newest first, with the audit of the whole ledger, and each row with whether what was
 * signed for it still verifies. A broken or unreadable ledger is reported in `integrity`, not thrown: its readable part is
 * still worth seeing.
 */
export async function provenancePage(
  studio: Studio,
  request: PageRequest,
): Promise<ProvenancePage> {
  const { entries, integrity } = await readProvenance(studio.workspace);
  const rows = timelineEntries(entries).filter(({ index }) => index < (request.before ?? Infinity));
  const shown = rows.slice(0, request.limit);
  const describer = await RunDescriber.open(studio, entries);
  // Keys that cannot be read are a reason for a ledger of which nothing is verified, and no reason to show nothing of it.
  const reader =
    integrity.verified === 0
      ? undefined
      : await ProofReader.open(studio.workspace, integrity, 'manifest');
  const runs: ProvenanceRun[] = [];
  for (const entry of shown) {
    const run = await describer.describe(entry);
    const problem =
      reader === undefined ? NOT_COVERED : await studio.recordChecks.problemOf(entry, reader);
    runs.push({
      ...run,
      isProven: problem === undefined,
      ...(problem === undefined ? {} : { problem }),
    });
  }
  const last = shown.at(-1);
  const hasMore = rows.length > shown.length && last !== undefined;
  return { integrity, runs, ...(hasMore ? { next: last.index } : {}) };
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
