import { MeshSimError } from '../base/errors.ts';
import { manifestSchema, type Manifest } from '../model/capsule.ts';
import type { DsseEnvelope } from '../model/dsse.ts';
import type { SignedEntry, SignedKind } from '../model/ledgerEntry.ts';
import { STATEMENT_KINDS, type Statements } from '../model/statementKinds.ts';
import { parseCanonical } from './canonicalJson.ts';
import { sha256Hex } from './digest.ts';
import { filingOf, mismatch, type Filing } from './filingFacts.ts';
import { verifiedStatement } from './statement.ts';

/** No object is larger, see capsule/objectStore. */
const MAX_MANIFEST_BYTES = 64 * 1024 * 1024;

/** The body of an entry, as bytes that may be anything. */
export interface ClaimedBody {
  readonly envelope: DsseEnvelope;
  /** The key the envelope must be signed with. */
  readonly publicKey: string;
  /** Of a pack: the bytes of the manifest it is about. */
  readonly manifest?: Uint8Array | undefined;
}

/**
 * Opens the body of a kind of entry: signed by the key, a statement of the kind, at one with itself and with its manifest.
 * @throws MeshSimError `signature-invalid`, `not-canonical`; `object-missing` for a pack without its manifest
 */
export function openFiling<K extends SignedKind>(kind: K, claimed: ClaimedBody): Filing<K> {
  const kindOf: (typeof STATEMENT_KINDS)[K] = STATEMENT_KINDS[kind];
  const { envelope, publicKey, manifest } = claimed;
  const signed = verifiedStatement<Statements[K]>(kindOf, envelope, publicKey);
  const subject = signed.statement.subject[0]?.digest.sha256;
  return filingOf(kind, signed, {
    envelope,
    publicKey,
    manifest: () => manifestIn(manifest, subject),
  });
}

/** A signed entry that was made from its verified body: the only sort a ledger appends. */
export class FiledEntry {
  readonly entry: SignedEntry;
  readonly filing: Filing;

  private constructor(entry: SignedEntry, filing: Filing) {
    this.entry = entry;
    this.filing = filing;
  }

  /** @param at when it is filed @throws MeshSimError as openFiling, and for a time that is not the signed one */
  static of(kind: SignedKind, at: string, body: ClaimedBody): FiledEntry {
    const filing = openFiling(kind, body);
    const entry = { at, ...filing.facts } as SignedEntry;
    const problem = mismatch(entry, filing);
    if (problem !== undefined) refuse(problem);
    return new FiledEntry(entry, filing);
  }
}

function manifestIn(bytes: Uint8Array | undefined, capsuleHash: string | undefined): Manifest {
  if (bytes === undefined) {
    throw new MeshSimError(
      'object-missing',
      `The manifest of Capsule ${capsuleHash ?? ''} is not here.`,
    );
  }
  if (sha256Hex(bytes) !== capsuleHash) refuse('It is about another Capsule than the manifest.');
  const parsed = manifestSchema.safeParse(parseCanonical(bytes, MAX_MANIFEST_BYTES));
  return parsed.success ? parsed.data : refuse('What it is about is no manifest.');
}

function refuse(problem: string): never {
  throw new MeshSimError('signature-invalid', problem);
}
