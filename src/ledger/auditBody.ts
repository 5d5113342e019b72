import { MeshSimError } from '../base/errors.ts';
import { dsseEnvelopeSchema } from '../model/dsse.ts';
import type { SignedEntry } from '../model/ledgerEntry.ts';
import { PACK } from '../model/packStatement.ts';
import { parseCanonical } from '../signing/canonicalJson.ts';
import { verifiedStatement } from '../signing/statement.ts';
import { openFiling } from '../signing/filing.ts';
import { mismatch } from '../signing/filingFacts.ts';
import type { FilingHistory } from './filingHistory.ts';

/** Finds an object by its digest; undefined: it is not here. */
export type FindObject = (digest: string) => Promise<Uint8Array | undefined>;

const MAX_ENVELOPE_BYTES = 16 * 1024 * 1024;

/**
 * Opens the body of an entry and holds the entry against it.
 * @returns whether all of the body was here; what is not here contradicts nothing
 * @throws MeshSimError saying what does not hold
 */
export async function auditBody(
  { entry, index }: { readonly entry: SignedEntry; readonly index: number },
  find: FindObject,
  history: FilingHistory,
  origin: string,
): Promise<boolean> {
  const bytes = await find(entry.body);
  const manifest = entry.kind === 'pack' ? await find(entry.capsuleHash) : undefined;
  if (bytes === undefined) return false;
  const envelope = dsseEnvelopeSchema.parse(parseCanonical(bytes, MAX_ENVELOPE_BYTES));
  const { publicKey } = entry;
  if (entry.kind === 'pack' && manifest === undefined) {
    const { statement } = verifiedStatement(PACK, envelope, publicKey);
    if (statement.subject[0]?.digest.sha256 === entry.capsuleHash) return false;
    throw new MeshSimError('signature-invalid', 'It is about another Capsule.');
  }
  const filing = openFiling(entry.kind, { envelope, publicKey, manifest });
  const problem = mismatch(entry, filing) ?? history.problemWithBody(entry, filing, index, origin);
  if (problem !== undefined) throw new MeshSimError('signature-invalid', problem);
  return true;
}
