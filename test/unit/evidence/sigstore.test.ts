import assert from 'node:assert/strict';
import { createPublicKey } from 'node:crypto';
import { bundleFromJSON } from '@sigstore/bundle';
import { Verifier, toSignedEntity } from '@sigstore/verify';
import type { TrustMaterial } from '@sigstore/verify';
import { parseCheckpoint } from '../../../src/signing/checkpoint.ts';
import { publicKeyPem } from '../../../src/signing/publicKey.ts';
import type { SigningKey } from '../../../src/signing/keys.ts';
import { CAPSULE_KEY, LOG_KEY, capsimWorld, keyNumber } from '../../support/sealedRun.ts';

const world = capsimWorld();

function bundle() {
  return bundleFromJSON(JSON.parse(Buffer.from(world.bytes).toString()));
}

/** What a verifier is told to trust: a public key for signatures, and our ledger as a transparency log. */
function trusting(signer: SigningKey, log: SigningKey): TrustMaterial {
  const always = { start: new Date(0), end: new Date(8.64e15) };
  return {
    certificateAuthorities: [],
    timestampAuthorities: [],
    ctlogs: [],
    tlogs: [
      {
        baseURL: parseCheckpoint(world.proof.checkpoint).origin,
        logID: Buffer.from(world.logId),
        publicKey: createPublicKey(publicKeyPem(log.publicKey)),
        validFor: always,
      },
    ],
    publicKey: () => ({
      publicKey: createPublicKey(publicKeyPem(signer.publicKey)),
      validFor: () => true,
    }),
  };
}

function verify(signer: SigningKey, log: SigningKey): unknown {
  const verifier = new Verifier(trusting(signer, log), {
    tlogThreshold: 1,
    timestampThreshold: 0,
    ctlogThreshold: 0,
  });
  return verifier.verify(toSignedEntity(bundle()));
}

describe('Sigstore’s own tools', () => {
  it('read a .capsim exactly as we write it', () => {
    assert.equal(bundle().mediaType, 'application/vnd.dev.sigstore.bundle.v0.3+json');
  });

  it('verify its signature, its ledger proof and the entry in the proof', () => {
    assert.ok(verify(CAPSULE_KEY, LOG_KEY));
  });

  it('refuse it under another signing key and under another log key', () => {
    assert.throws(() => verify(keyNumber(5), LOG_KEY), /signature/);
    assert.throws(() => verify(CAPSULE_KEY, keyNumber(6)), /checkpoint/);
  });
});
