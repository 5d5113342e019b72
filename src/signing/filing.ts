import { MeshSimError } from '../base/errors.ts';
import { manifestSchema, type Manifest } from '../model/capsule.ts';
import type { DsseEnvelope } from '../model/dsse.ts';
import type { SignedEntry, SignedKind } from '../model/ledgerEntry.ts';
import { STATEMENT_KINDS, type Statements } from '../model/statementKinds.ts';
import { parseCanonical, isSame } from './canonicalJson.ts';
import { sha256Hex } from './digest.ts';
import { signedFields } from './dsse.ts';
import { FILINGS, type BodyOf, type SignedTime } from './entryFacts.ts';
import { verifiedStatement, type SignedStatement } from './statement.ts';

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

/** What a verified body says of the one entry that may stand for it. */
export interface Filing<K extends SignedKind = SignedKind> {
  readonly statement: Statements[K];
  /** The entry, but for its time. */
  readonly facts: Readonly<Record<string, unknown>>;
  readonly time: SignedTime | undefined;
  /** Digests of the bodies that must have been filed before it. */
  readonly restsOn: readonly string[];
  /** Of a run's result: what its start must have named. */
  readonly planDigest: string | undefined;
  /** Origin of the only ledger it may be in; undefined: it names none. */
  readonly ledger: string | undefined;
}

/**
 * Opens the body of a kind of entry: signed by the key, a statement of the kind, at one with itself and with its manifest.
 * @throws MeshSimError `signature-invalid`, `not-canonical`; `object-missing` for a pack without its manifest
 */
export function openFiling<K extends SignedKind>(kind: K, claimed: ClaimedBody): Filing<K> {
  const kindOf: (typeof STATEMENT_KINDS)[K] = STATEMENT_KINDS[kind];
  const { envelope, publicKey } = claimed;
  return filingOf(kind, verifiedStatement<Statements[K]>(kindOf, envelope, publicKey), claimed);
}

/** As `openFiling`, of an envelope that was opened already. */
export function filingOf<K extends SignedKind>(
  kind: K,
  { statement }: SignedStatement<Statements[K]>,
  { envelope, publicKey, manifest }: ClaimedBody,
): Filing<K> {
  const rules: (typeof FILINGS)[K] = FILINGS[kind];
  const subject = statement.subject[0]?.digest.sha256;
  const body: BodyOf<K> = { statement, manifest: () => manifestIn(manifest, subject) };
  const contradiction = rules.contradiction(body);
  if (contradiction !== undefined) refuse(`What was signed does not hold: ${contradiction}.`);
  return {
    statement,
    facts: { v: 1, kind, ...signedFields(envelope, publicKey), ...rules.facts(body) },
    time: rules.time(statement),
    restsOn: rules.restsOn(statement),
    planDigest: rules.planDigest(statement),
    ledger: rules.ledger(statement),
  };
}

/** Why an entry may not stand for a body, one sentence; undefined: it says exactly what the body says. */
export function mismatch(entry: SignedEntry, filing: Filing): string | undefined {
  const { at, ...facts } = entry;
  if (!isSame(facts, filing.facts)) {
    return `What was signed is not what the ledger says of it (${differing(facts, filing.facts)}).`;
  }
  const { time } = filing;
  const isTimely = time === undefined || (time.rule === 'exactly' ? at === time.at : at >= time.at);
  return isTimely
    ? undefined
    : `The ledger says another time of it (${at}) than was signed (${time.at}).`;
}

function differing(left: Filing['facts'], right: Filing['facts']): string {
  const names = new Set([...Object.keys(left), ...Object.keys(right)]);
  const isOther = (name: string) => !isSame([left[name] ?? null], [right[name] ?? null]);
  return [...names].filter(isOther).join(', ');
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
