import { MeshSimError } from '../../base/errors.ts';
import { loadCapsule } from '../../capsule/load.ts';
import type { IndexRow } from '../../ledger/index.ts';
import type { LedgerReader } from '../../ledger/ledger.ts';
import { dsseEnvelopeSchema, type DsseEnvelope } from '../../model/evidence.ts';
import type { EntryKind, EntryOf, LedgerEntry, SignedEntry } from '../../model/ledgerEntry.ts';
import { parseCanonical } from '../../signing/canonicalJson.ts';
import { parseCheckpoint } from '../../signing/checkpoint.ts';
import { openFiling } from '../../signing/filing.ts';
import { mismatch, type Filing } from '../../signing/filingFacts.ts';
import { provesInclusion } from '../../signing/inclusionProof.ts';
import { entryOfLeaf } from '../../signing/ledgerLeaf.ts';
import { leafHash } from '../../signing/merkle.ts';
import type { Workspace } from '../workspace/workspace.ts';

/** Manifests of large products dominate: an envelope holds one manifest's facts or one run's evidence. */
const MAX_ENVELOPE_BYTES = 16 * 1024 * 1024;

export interface FoundEntry<K extends EntryKind> {
  readonly index: number;
  readonly entry: EntryOf<K>;
}

/**
 * The ledger's entry an index row points at. The index is only a way to find it: what is returned was read from the
 * ledger, and its signed checkpoint covers it.
 * @throws MeshSimError `ledger-broken` when the row points at something else, or the entry was altered
 */
export async function entryAt<K extends EntryKind>(
  workspace: Workspace,
  row: IndexRow,
  kind: K,
): Promise<FoundEntry<K>> {
  const ledger = await workspace.ledger();
  const isKind = (entry: LedgerEntry | undefined): entry is EntryOf<K> => entry?.kind === kind;
  const entry = await provenEntry(ledger, row.index);
  if (isKind(entry) && entry.capsuleHash === row.capsuleHash) return { index: row.index, entry };
  throw new MeshSimError(
    'ledger-broken',
    `Ledger entry ${row.index} is not the ${kind} its index says: delete ${workspace.paths.index} and try again.`,
  );
}

/** @throws MeshSimError `ledger-broken` when the entry is not what the ledger's signed checkpoint covers */
async function provenEntry(ledger: LedgerReader, index: number): Promise<LedgerEntry> {
  const proof = await ledger.prove(index);
  if (provesInclusion(proof, parseCheckpoint(proof.checkpoint))) return entryOfLeaf(proof.leaf);
  throw new MeshSimError(
    'ledger-broken',
    `Ledger entry ${index} was altered, so nothing that rests on it can be used: run "mesh-sim ledger verify".`,
  );
}

/** Whether the ledger's signed checkpoint covers an entry as it was read. */
export async function isProven(
  ledger: LedgerReader,
  { index, leafHash: claimed }: { readonly index: number; readonly leafHash: string },
): Promise<boolean> {
  try {
    const proof = await ledger.prove(index);
    const isSame = Buffer.from(leafHash(proof.leaf)).toString('hex') === claimed;
    return isSame && provesInclusion(proof, parseCheckpoint(proof.checkpoint));
  } catch (error) {
    if (error instanceof MeshSimError) return false;
    throw error;
  }
}

/** The signed envelope a ledger entry stands for. @throws MeshSimError `object-missing` or `object-corrupt` */
export async function readEnvelope(workspace: Workspace, body: string): Promise<DsseEnvelope> {
  const bytes = await workspace.store.get(body);
  return dsseEnvelopeSchema.parse(parseCanonical(bytes, MAX_ENVELOPE_BYTES));
}

/**
 * The signed envelope an entry stands for, opened and held against it: it is signed by the entry's key, of the kind the entry
 * is, and says all that the entry says.
 * @throws MeshSimError `object-missing`, `object-corrupt`, `signature-invalid`; of a pack also as loadCapsule
 */
export async function readFiling<E extends SignedEntry>(
  workspace: Workspace,
  entry: E,
): Promise<{ readonly envelope: DsseEnvelope; readonly filing: Filing<E['kind']> }> {
  const envelope = await readEnvelope(workspace, entry.body);
  const { kind, publicKey }: { kind: E['kind']; publicKey: string } = entry;
  const capsule =
    entry.kind === 'pack' ? await loadCapsule(workspace.store, entry.capsuleHash) : undefined;
  const filing = openFiling(kind, { envelope, publicKey, manifest: capsule?.bytes });
  const problem = mismatch(entry, filing);
  if (problem !== undefined) throw new MeshSimError('signature-invalid', problem);
  return { envelope, filing };
}
