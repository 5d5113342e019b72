import { MeshSimError } from '../base/errors.ts';
import type { Manifest } from '../model/capsule.ts';
import type { DsseEnvelope } from '../model/dsse.ts';
import type { SignedEntry, SignedKind } from '../model/ledgerEntry.ts';
import type { Statements } from '../model/statementKinds.ts';
import { isSame } from './canonicalJson.ts';
import { signedFields } from './dsse.ts';
import { FILINGS, type BodyOf, type SignedTime } from './entryFacts.ts';
import type { SignedStatement } from './statement.ts';

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

/** A body whose envelope was verified. */
export interface OpenedBody {
  readonly envelope: DsseEnvelope;
  /** The key that has signed it. */
  readonly publicKey: string;
  /** Of a pack: reads the manifest it is about. */
  readonly manifest?: (() => Manifest) | undefined;
}

function noManifest(): never {
  throw new MeshSimError('object-missing', 'The manifest of the Capsule is not here.');
}

/**
 * What a verified statement says of its entry, once it is at one with itself and with its manifest.
 * @throws MeshSimError `signature-invalid`; `object-missing` for a pack without its manifest
 */
export function filingOf<K extends SignedKind>(
  kind: K,
  { statement }: SignedStatement<Statements[K]>,
  { envelope, publicKey, manifest = noManifest }: OpenedBody,
): Filing<K> {
  const rules: (typeof FILINGS)[K] = FILINGS[kind];
  const body: BodyOf<K> = { statement, manifest };
  const contradiction = rules.contradiction(body);
  if (contradiction !== undefined) {
    throw new MeshSimError('signature-invalid', `What was signed does not hold: ${contradiction}.`);
  }
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
