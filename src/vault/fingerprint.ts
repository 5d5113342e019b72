import { createHmac, hkdfSync } from 'node:crypto';
import { canonicalBytes } from '../signing/canonicalJson.ts';

const PURPOSE = 'urn:oursynth:mesh-sim:env-fingerprint:v1';
const KEY_BYTES = 32;

/**
 * Tells whether two runs of one Capsule had the same secrets, to whoever holds the vault, and nothing to anybody else:
 * HMAC-SHA-256 over the canonical JSON of name → value, under HKDF-SHA-256 (RFC 5869) of the scope's key with the
 * Capsule's hash as salt. The fingerprints of two Capsules have nothing in common. 64 lower-case hex digits.
 */
export function secretsFingerprint(
  vaultKey: Uint8Array,
  capsuleHash: string,
  secrets: ReadonlyMap<string, string>,
): string {
  const salt = Buffer.from(capsuleHash, 'hex');
  const key = new Uint8Array(hkdfSync('sha256', vaultKey, salt, PURPOSE, KEY_BYTES));
  return createHmac('sha256', key)
    .update(canonicalBytes(Object.fromEntries(secrets)))
    .digest('hex');
}
