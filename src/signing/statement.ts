import { isDeepStrictEqual } from 'node:util';
import { MeshSimError } from '../base/errors.ts';
import { DSSE_PAYLOAD_TYPE, type DsseEnvelope } from '../model/dsse.ts';
import type { StatementKind } from '../model/statementKind.ts';
import { canonicalBytes, parseCanonical } from './canonicalJson.ts';
import { signEnvelope, verifyEnvelope } from './dsse.ts';
import type { SigningKey } from './keys.ts';

/** Bytes whose signature holds, and the kind of statement they must turn out to be. */
export interface SignedPayload<T> {
  readonly kind: StatementKind<T>;
  /** The very bytes that were verified. */
  readonly bytes: Uint8Array;
}

/** A statement as the key signed it. */
export interface SignedStatement<T> extends SignedPayload<T> {
  readonly statement: T;
}

/** The first half of `verifiedStatement`. @throws MeshSimError `signature-invalid` */
export function verifiedPayload<T>(
  kind: StatementKind<T>,
  envelope: DsseEnvelope,
  publicKeyHex: string,
): SignedPayload<T> {
  return { kind, bytes: verifyEnvelope(envelope, publicKeyHex, DSSE_PAYLOAD_TYPE) };
}

/**
 * The second half: the bytes are the canonical JSON of a statement of that kind, and say all of it. A default the schema
 * filled in would be a fact nobody signed. @throws MeshSimError `signature-invalid` or `not-canonical`
 */
export function statementIn<T>({ kind, bytes }: SignedPayload<T>): SignedStatement<T> {
  const value = parseCanonical(bytes, kind.maxBytes);
  const found = predicateTypeOf(value);
  if (found !== kind.predicateType) {
    return refuse(`It is not ${kind.name}: its predicate type is ${JSON.stringify(found)}.`);
  }
  const parsed = kind.schema.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return refuse(
      `It is not ${kind.name}: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}.`,
    );
  }
  if (!isDeepStrictEqual(parsed.data, value)) {
    return refuse(`It is not ${kind.name}: it leaves out what it must spell out.`);
  }
  return { kind, bytes, statement: parsed.data };
}

/**
 * The one way into a signed envelope: by whom it must be signed, and which kind of statement it must hold.
 * @throws MeshSimError `signature-invalid` or `not-canonical`
 */
export function verifiedStatement<T>(
  kind: StatementKind<T>,
  envelope: DsseEnvelope,
  publicKeyHex: string,
): SignedStatement<T> {
  return statementIn(verifiedPayload(kind, envelope, publicKeyHex));
}

/** Signs a statement of a kind; nothing else is signed in our name. @throws MeshSimError `internal` for another shape */
export function signStatement<T>(
  kind: StatementKind<T>,
  statement: T,
  key: SigningKey,
): DsseEnvelope {
  const bytes = canonicalBytes(statement);
  try {
    statementIn({ kind, bytes });
  } catch (error) {
    throw new MeshSimError('internal', `This is not signed: it is not ${kind.name}.`, {
      cause: error,
    });
  }
  return signEnvelope(DSSE_PAYLOAD_TYPE, bytes, key);
}

function predicateTypeOf(value: unknown): unknown {
  return typeof value === 'object' && value !== null && 'predicateType' in value
    ? value.predicateType
    : undefined;
}

function refuse(problem: string): never {
  throw new MeshSimError('signature-invalid', problem);
}
