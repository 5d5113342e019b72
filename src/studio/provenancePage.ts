import { MeshSimError, messageOf } from '../base/errors.ts';
import type { Integrity, ProvenancePage, ProvenanceRun } from '../model/api.ts';
import type { AppendedEntry } from '../ledger/ledger.ts';
import { RunDescriber } from './describeRun.ts';
import { auditProvenance, listProvenance } from './provenance.ts';
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
  const { workspace } = studio;
  if (!workspace.hasLedger()) return { integrity: emptyLedger(), runs: [] };
  let entries: AppendedEntry[];
  try {
    entries = await listProvenance(workspace);
  } catch (error) {
    if (!(error instanceof MeshSimError)) throw error;
    return { integrity: unreadable(error), runs: [] };
  }
  const integrity = await integrityOf(studio, entries.length);
  const rows = timelineEntries(entries).filter(({ index }) => index < (request.before ?? Infinity));
  const shown = rows.slice(0, request.limit);
  const describer = await RunDescriber.open(studio, entries, integrity.verified);
  const runs: ProvenanceRun[] = [];
  for (const entry of shown) runs.push(await describer.describe(entry));
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

function emptyLedger(): Integrity {
  return { status: 'empty', size: 0, verified: 0, sentence: 'Nothing has been recorded here yet.' };
}

function unreadable(error: unknown): Integrity {
  return { status: 'broken', size: 0, verified: 0, sentence: messageOf(error) };
}

async function integrityOf({ workspace }: Studio, size: number): Promise<Integrity> {
  const audit = await auditProvenance(workspace);
  if (audit.ok) {
    return {
      status: audit.size === 0 ? 'empty' : 'intact',
      size: audit.size,
      verified: audit.size,
      sentence: `All ${audit.size} entries match the signed checkpoint.`,
    };
  }
  const brokenAt = audit.firstBroken;
  return {
    status: 'broken',
    size,
    verified: Math.min(brokenAt ?? 0, size),
    ...(brokenAt === undefined ? {} : { brokenAt }),
    sentence: audit.problem ?? 'The ledger does not match its checkpoint.',
  };
}
