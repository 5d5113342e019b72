import { MeshSimError } from '../base/errors.ts';
import type { DsseEnvelope } from '../model/evidence.ts';
import { dsseEnvelopeSchema } from '../model/evidence.ts';
import type { LedgerEntry } from '../model/ledgerEntry.ts';
import { sha256Hex } from '../signing/digest.ts';
import type { SigningKey } from '../signing/keys.ts';
import { parseCanonical } from '../signing/canonicalJson.ts';
import type { Workspace } from './workspace.ts';

/** Manifests of large products dominate: an envelope holds one manifest's facts or one run's evidence. */
const MAX_ENVELOPE_BYTES = 16 * 1024 * 1024;

export type EntryOf<K extends LedgerEntry['kind']> = Extract<LedgerEntry, { kind: K }>;

/** What makes a ledger entry evidence by itself: the signature, the key, and where the signed bytes are. */
export function signatureFields(
  envelope: DsseEnvelope,
  body: string,
  key: SigningKey,
): { body: string; payload: string; keyid: string; publicKey: string; sig: string } {
  const signature = envelope.signatures[0];
  if (signature === undefined) {
    throw new MeshSimError('internal', 'An envelope without a signature.');
  }
  const payload = sha256Hex(Buffer.from(envelope.payload, 'base64'));
  return { body, payload, keyid: key.keyid, publicKey: key.publicKey, sig: signature.sig };
}

/** Entries of one kind, oldest first, with their ledger index. */
export async function entriesOf<K extends LedgerEntry['kind']>(
  workspace: Workspace,
  kind: K,
): Promise<{ index: number; entry: EntryOf<K> }[]> {
  const ledger = await workspace.ledger();
  const isKind = (entry: LedgerEntry): entry is EntryOf<K> => entry.kind === kind;
  return (await ledger.entries()).flatMap(({ index, entry }) =>
    isKind(entry) ? [{ index, entry }] : [],
  );
}

/** The signed envelope a ledger entry stands for. @throws MeshSimError `object-missing` or `object-corrupt` */
export async function readEnvelope(workspace: Workspace, body: string): Promise<DsseEnvelope> {
  const bytes = await workspace.store.get(body);
  return dsseEnvelopeSchema.parse(parseCanonical(bytes, MAX_ENVELOPE_BYTES));
}
