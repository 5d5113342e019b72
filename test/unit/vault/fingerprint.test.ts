import assert from 'node:assert/strict';
import { createHmac, hkdfSync } from 'node:crypto';
import { secretsFingerprint } from '../../../src/vault/fingerprint.ts';

const KEY = new Uint8Array(32).fill(1);
const HASH = 'ab'.repeat(32);
const SECRETS = new Map([
  ['B', 'value two'],
  ['A', 'value one'],
]);

describe('vault/fingerprint', () => {
  it('is the HMAC its description says', () => {
    const purpose = 'urn:oursynth:mesh-sim:env-fingerprint:v1';
    const key = new Uint8Array(hkdfSync('sha256', KEY, Buffer.from(HASH, 'hex'), purpose, 32));
    const expected = createHmac('sha256', key).update('{"A":"value one","B":"value two"}');
    assert.equal(secretsFingerprint(KEY, HASH, SECRETS), expected.digest('hex'));
  });

  it('does not depend on the order, and differs by key, Capsule, name and value', () => {
    const own = secretsFingerprint(KEY, HASH, SECRETS);
    assert.equal(secretsFingerprint(KEY, HASH, new Map([...SECRETS].reverse())), own);
    const others = [
      secretsFingerprint(new Uint8Array(32), HASH, SECRETS),
      secretsFingerprint(KEY, 'cd'.repeat(32), SECRETS),
      secretsFingerprint(KEY, HASH, new Map([...SECRETS, ['A', 'value 1']])),
      secretsFingerprint(KEY, HASH, new Map([...SECRETS, ['C', 'value one']])),
    ];
    assert.equal(new Set([own, ...others]).size, 5);
  });
});
