import type { AppendedEntry } from '../../ledger/ledger.ts';
import type { DsseEnvelope } from '../../model/dsse.ts';
import type { SignedKind } from '../../model/ledgerEntry.ts';
import { canonicalBytes } from '../../signing/canonicalJson.ts';
import { FiledEntry } from '../../signing/filing.ts';
import type { Workspace } from '../workspace/workspace.ts';

export interface SignedRecord {
  readonly kind: SignedKind;
  /** When it is filed, ISO 8601. */
  readonly at: string;
  readonly envelope: DsseEnvelope;
  readonly publicKey: string;
  /** Of a pack: the bytes of the manifest it is about. */
  readonly manifest?: Uint8Array;
}

/**
 * Stores a signed envelope and appends the ledger entry that follows from it. The envelope is durable first: a crash in
 * between leaves an object, never an entry that stands for nothing.
 * @throws MeshSimError of the disk or the ledger
 */
export async function fileRecord(
  workspace: Workspace,
  { kind, at, ...body }: SignedRecord,
): Promise<AppendedEntry> {
  const filed = FiledEntry.of(kind, at, body);
  await workspace.store.put(canonicalBytes(body.envelope));
  const ledger = await workspace.ledgerToAppend();
  return ledger.append(filed);
}
