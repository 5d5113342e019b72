import {
  createHash,
  createPrivateKey,
  createPublicKey,
  sign,
  verify as nodeVerify,
  type KeyObject,
} from 'node:crypto';
import { Point } from '@noble/ed25519';
import { MeshSimError } from '../base/errors.ts';
import { jointSum, Multiples } from './jointMultiples.ts';
import { rawPublicKey, spkiDer } from './publicKey.ts';

const SIGNATURE_BYTES = 64;

/** RFC 8410: PKCS#8 of an Ed25519 private key is this prefix and the 32-byte seed. */
export const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');

/**
 * The private key of a 32-byte seed, as Node.js signs with it: the library would first build its table of the base point,
 * 60 ms in every command.
 */
export function privateKeyOf(seed: Uint8Array): KeyObject {
  return createPrivateKey({
    key: Buffer.concat([PKCS8_PREFIX, seed]),
    format: 'der',
    type: 'pkcs8',
  });
}

/** RFC 8032 Ed25519 signature of the message. */
export function signMessage(message: Uint8Array, key: KeyObject): Uint8Array {
  return new Uint8Array(sign(null, message, key));
}

/** The public key of a private one, 64 hex digits. */
export function publicKeyOf(key: KeyObject): string {
  return rawPublicKey(createPublicKey(key));
}

const ORDER = Point.CURVE().n;
const ENCODED_BYTES = 32;

function numberOf(littleEndian: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(littleEndian).reverse().toString('hex')}`);
}

/** A public key as both verifiers need it. */
interface PreparedKey {
  readonly native: KeyObject;
  readonly isSmallOrder: boolean;
  /** Of −A. */
  readonly negated: Multiples;
}

/** Whoever verifies meets the same few keys again and again. */
const MAX_PREPARED_KEYS = 64;
const preparedKeys = new Map<string, PreparedKey>();

/**
 * The library's own table of the base point has 4,224 points: 60 ms in every agent and every oai-verify-sim, which verify a
 * handful of signatures.
 */
let preparedBase: Multiples | undefined;

/** @throws Error when it is no point in its canonical encoding */
function prepared(publicKey: Uint8Array): PreparedKey {
  const name = Buffer.from(publicKey).toString('hex');
  const known = preparedKeys.get(name);
  if (known !== undefined) return known;
  const point = Point.fromBytes(publicKey, false);
  const key = {
    native: createPublicKey({ key: spkiDer(publicKey), format: 'der', type: 'spki' }),
    isSmallOrder: point.isSmallOrder(),
    negated: new Multiples(point.negate()),
  };
  if (preparedKeys.size >= MAX_PREPARED_KEYS) preparedKeys.clear();
  preparedKeys.set(name, key);
  return key;
}

/**
 * RFC 8032 5.1.7 on the library's points, as its own `verify` does with `zip215: false`: [8]([s]B − [k]A − R) = 0, with
 * canonical encodings of R and A, s below the order, and no A of small order. (Its default, ZIP215, accepts signatures
 * that anybody can forge under a small-order key.) Tests hold the two equal over all vectors.
 */
export function nobleAccepts(
  signature: Uint8Array,
  message: Uint8Array,
  publicKey: Uint8Array,
): boolean {
  if (signature.length !== SIGNATURE_BYTES) return false;
  try {
    const encodedR = signature.subarray(0, ENCODED_BYTES);
    const r = Point.fromBytes(encodedR, false);
    const a = prepared(publicKey);
    const s = numberOf(signature.subarray(ENCODED_BYTES));
    if (s >= ORDER || a.isSmallOrder) return false;
    const challenge = createHash('sha512').update(encodedR).update(publicKey).update(message);
    const k = numberOf(challenge.digest()) % ORDER;
    preparedBase ??= new Multiples(Point.BASE);
    const sum = jointSum([
      [s, preparedBase],
      [k, a.negated],
    ]);
    return sum.subtract(r).clearCofactor().is0();
  } catch {
    return false;
  }
}

function nodeAccepts(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean {
  try {
    return nodeVerify(null, message, prepared(publicKey).native, signature);
  } catch {
    return false;
  }
}

/**
 * True only when two independent verifiers accept: they differ on crafted encodings, honest signatures pass both.
 * `publicKeyHex` is the raw key, 64 hex digits. Never throws.
 */
export function verifySignature(
  signature: Uint8Array,
  message: Uint8Array,
  publicKeyHex: string,
): boolean {
  if (signature.length !== SIGNATURE_BYTES || !/^[0-9a-f]{64}$/.test(publicKeyHex)) return false;
  const publicKey = new Uint8Array(Buffer.from(publicKeyHex, 'hex'));
  return (
    nodeAccepts(signature, message, publicKey) &&
    nobleAccepts(new Uint8Array(signature), new Uint8Array(message), publicKey)
  );
}

/** Throws `key-invalid` for a key nobody honest has: not on the curve, not canonically encoded, or of small order. */
export function assertSoundPublicKey(publicKeyHex: string): void {
  let point: Point;
  try {
    point = Point.fromHex(publicKeyHex, false);
  } catch (error) {
    throw new MeshSimError(
      'key-invalid',
      `The public key ${publicKeyHex} is not an Ed25519 point in its canonical encoding; use another key.`,
      { cause: error },
    );
  }
  if (point.isSmallOrder()) {
    throw new MeshSimError(
      'key-invalid',
      `The public key ${publicKeyHex} has small order: anybody can forge signatures under it; use another key.`,
    );
  }
}
