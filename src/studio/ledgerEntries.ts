import { MeshSimError } from '../base/errors.ts';
import type { IndexRow } from '../ledger/index.ts';
import { dsseEnvelopeSchema, type DsseEnvelope } from '../model/evidence.ts';
import type { LedgerEntry } from '../model/ledgerEntry.ts';
import { parseCanonical } from '../signing/canonicalJson.ts';
import type { Workspace } from './workspace.ts';

/** Manifests of large products dominate: an envelope holds one manifest's facts or one run's evidence. */
const MAX_ENVELOPE_BYTES = 16 * 1024 * 1024;

export type EntryOf<K extends LedgerEntry['kind']> = Extract<LedgerEntry, { kind: K }>;

export interface FoundEntry<K extends LedgerEntry['kind']> {
  readonly index: number;
  readonly entry: EntryOf<K>;
}

/**
 * The ledger's entry an index row points at. The index is only a way to find it: what is returned was read from the
 * ledger.
 * @throws MeshSimError `ledger-broken` when the row points at something else
 */
export async function entryAt<K extends LedgerEntry['kind']>(
  workspace: Workspace,
  row: IndexRow,
  kind: K,
): Promise<FoundEntry<K>> {
  const ledger = await workspace.ledger();
  const [found] = await ledger.entries(row.index);
  const isKind = (entry: LedgerEntry | undefined): entry is EntryOf<K> => entry?.kind === kind;
  const entry = found?.entry;
  if (isKind(entry) && entry.capsuleHash === row.capsuleHash) return { index: row.index, entry };
  throw new MeshSimError(
    'ledger-broken',
    `Ledger entry ${row.index} is not the ${kind} its index says: delete ${workspace.paths.index} and try again.`,
  );
}

/** The signed envelope a ledger entry stands for. @throws MeshSimError `object-missing` or `object-corrupt` */
export async function readEnvelope(workspace: Workspace, body: string): Promise<DsseEnvelope> {
  const bytes = await workspace.store.get(body);
  return dsseEnvelopeSchema.parse(parseCanonical(bytes, MAX_ENVELOPE_BYTES));
}
