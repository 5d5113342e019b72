import { createHash, createPublicKey, verify as nodeVerify } from 'node:crypto';
import { Point, getPublicKey, hashes, sign, verify } from '@noble/ed25519';
import { MeshSimError } from '../base/errors.ts';
import { spkiDer } from './publicKey.ts';

hashes.sha512 = (message) => new Uint8Array(createHash('sha512').update(message).digest());

const SIGNATURE_BYTES = 64;

/** RFC 8032 Ed25519 signature of the message under a 32-byte seed. */
export function signMessage(message: Uint8Array, seed: Uint8Array): Uint8Array {
  return sign(message, seed);
}

/** The public key of a 32-byte seed, 64 hex digits. */
export function publicKeyOf(seed: Uint8Array): string {
  return Buffer.from(getPublicKey(seed)).toString('hex');
}

function nobleAccepts(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean {
  try {
    // The default, ZIP215, accepts signatures that anybody can forge under a small-order key.
    return verify(signature, message, publicKey, { zip215: false });
  } catch {
    return false;
  }
}

function nodeAccepts(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean {
  try {
    const key = createPublicKey({ key: spkiDer(publicKey), format: 'der', type: 'spki' });
    return nodeVerify(null, message, key, signature);
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
