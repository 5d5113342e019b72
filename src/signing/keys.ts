import { createPrivateKey, randomBytes } from 'node:crypto';
import { MeshSimError } from '../base/errors.ts';
import {
  assertSoundPublicKey,
  PKCS8_PREFIX,
  privateKeyOf,
  publicKeyOf,
  signMessage,
} from './ed25519.ts';
import { fingerprint } from './publicKey.ts';

/** A private key that can sign and does not show itself. */
export interface SigningKey {
  /** OpenSSH fingerprint of the public key. */
  readonly keyid: string;
  /** Raw Ed25519 public key, 64 lower-case hex digits. */
  readonly publicKey: string;
  sign(message: Uint8Array): Uint8Array;
}

const SEED_BYTES = 32;

/** The signing key of a 32-byte seed. */
export function signingKeyOf(seed: Uint8Array): SigningKey {
  const key = privateKeyOf(seed);
  const publicKey = publicKeyOf(key);
  return {
    keyid: fingerprint(publicKey),
    publicKey,
    sign: (message) => signMessage(message, key),
  };
}

/** A new private key as PKCS#8 PEM (RFC 7468), from the system's random source. */
export function newKeyPem(): string {
  const der = Buffer.concat([PKCS8_PREFIX, randomBytes(SEED_BYTES)]);
  return `-----BEGIN PRIVATE KEY-----\n${der.toString('base64')}\n-----END PRIVATE KEY-----\n`;
}

/** Reads a PKCS#8 PEM. Throws `key-invalid`; `file` says where it came from. */
export function signingKeyFromPem(pem: string, file: string): SigningKey {
  let der: Buffer;
  try {
    der = createPrivateKey(pem).export({ format: 'der', type: 'pkcs8' });
  } catch (error) {
    throw new MeshSimError(
      'key-invalid',
      `${file} is not a private key in PKCS#8 PEM form; restore it from a backup, or move it away to get a new key.`,
      { cause: error },
    );
  }
  const isEd25519 =
    der.length === PKCS8_PREFIX.length + SEED_BYTES &&
    der.subarray(0, PKCS8_PREFIX.length).equals(PKCS8_PREFIX);
  if (!isEd25519) {
    throw new MeshSimError('key-invalid', `${file} holds a private key that is not Ed25519.`);
  }
  const key = signingKeyOf(der.subarray(PKCS8_PREFIX.length));
  assertSoundPublicKey(key.publicKey);
  return key;
}
