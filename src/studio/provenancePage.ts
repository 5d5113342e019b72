import type { ProvenancePage, ProvenanceRun } from '../model/api.ts';
import type { AppendedEntry } from '../ledger/ledger.ts';
import { RunDescriber } from './describeRun.ts';
import { isProven } from './ledgerEntries.ts';
import { readProvenance } from './provenance.ts';
import type { Studio } from './studio.ts';

export interface PageRequest {
  /** Rows of entries before this ledger index; left out: from the newest. */
  readonly before?: number;
  /** Rows to return, 1 to 200. */
  readonly limit: number;
}

/**
 * One page of the provenance timeline, newest first, with the audit of the whole ledger. A broken or unreadable ledger is
 * reported in `integrity`, not thrown: its readable part is still worth seeing.
 */
export async function provenancePage(
  studio: Studio,
  request: PageRequest,
): Promise<ProvenancePage> {
  const { entries, integrity } = await readProvenance(studio.workspace);
  const rows = timelineEntries(entries).filter(({ index }) => index < (request.before ?? Infinity));
  const shown = rows.slice(0, request.limit);
  const describer = await RunDescriber.open(studio, entries, integrity.verified);
  const runs: ProvenanceRun[] = [];
  for (const entry of shown) {
    const run = await describer.describe(entry);
    const isSound =
      integrity.status === 'intact' || (run.isProven && (await isCovered(studio, entry)));
    runs.push({ ...run, isProven: isSound });
  }
  const last = shown.at(-1);
  const hasMore = rows.length > shown.length && last !== undefined;
  return { integrity, runs, ...(hasMore ? { next: last.index } : {}) };
}

/** An audit names the first fault it meets; an entry before it that was altered together with its hash is proven by neither. */
async function isCovered({ workspace }: Studio, entry: AppendedEntry): Promise<boolean> {
  return isProven(await workspace.ledger(), entry);
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
