import assert from 'node:assert/strict';
import { MAX_CAPSIM_BYTES, readCapsim } from '../../../src/evidence/capsim.ts';
import { verifyCapsim } from '../../../src/evidence/verify.ts';
import { canonicalBytes } from '../../../src/signing/canonicalJson.ts';
import type { JsonEdit } from '../../support/jsonEdit.ts';
import { repeat, set } from '../../support/jsonEdit.ts';
import { sweepOf } from '../../support/sweep.ts';
import { CAPSULE_KEY, LOG_KEY, capsimWorld } from '../../support/sealedRun.ts';

const TRUST = { trustedKeys: [CAPSULE_KEY], logKeys: [LOG_KEY] };
/** From one byte to the next of which a bit is flipped: no divisor of a byte's bits, nor of a base64 group's characters. */
const STEP = sweepOf(1, 7);
const { bytes, sealed, proof } = capsimWorld({ nodes: 2 });

function altered(alter: JsonEdit): Uint8Array {
  const bundle: unknown = JSON.parse(Buffer.from(bytes).toString());
  alter(bundle);
  return canonicalBytes(bundle);
}

function sentenceFor(file: Uint8Array): string {
  const report = verifyCapsim(file, TRUST);
  assert.equal(report.exitCode, 1);
  assert.match(report.sentence, /^[^\n]+\.$/, 'one sentence');
  return report.sentence;
}

describe('a .capsim file', () => {
  it('gives back what was written', () => {
    const read = readCapsim(bytes);
    assert.deepEqual(read.envelope, sealed.envelope);
    assert.deepEqual(
      { ...read.proof, leaf: Buffer.from(read.proof.leaf) },
      { ...proof, leaf: Buffer.from(proof.leaf) },
    );
  });

  it('is canonical JSON with three keys at the top', () => {
    const bundle = JSON.parse(Buffer.from(bytes).toString()) as object;
    assert.deepEqual(canonicalBytes(bundle), bytes);
    assert.deepEqual(Object.keys(bundle), ['dsseEnvelope', 'mediaType', 'verificationMaterial']);
  });

  it('gets one sentence when it is empty, truncated, binary or huge', () => {
    assert.match(sentenceFor(new Uint8Array()), /empty/);
    assert.match(sentenceFor(bytes.slice(0, -1)), /not JSON/);
    assert.match(sentenceFor(bytes.slice(0, 700)), /not JSON/);
    assert.match(sentenceFor(Uint8Array.of(0x89, 0x50, 0x4e, 0x47)), /UTF-8/);
    assert.match(sentenceFor(new Uint8Array(MAX_CAPSIM_BYTES + 1)), /at most/);
  });

  it('gets one sentence when it is JSON of something else', () => {
    for (const text of ['null', '[]', '1', '{}', '"capsim"', '['.repeat(100) + ']'.repeat(100)]) {
      sentenceFor(Buffer.from(text));
    }
  });

  it('is refused with a final newline or other white space', () => {
    sentenceFor(Buffer.concat([bytes, Buffer.from('\n')]));
    sentenceFor(Buffer.from(JSON.stringify(JSON.parse(Buffer.from(bytes).toString()), null, 1)));
  });

  const CASES: readonly [string, JsonEdit][] = [
    ['a key at the top', set('extra', 1)],
    ['another media type', set('mediaType', 'application/vnd.dev.sigstore.bundle.v0.2+json')],
    ['a second signature', repeat('dsseEnvelope.signatures')],
    ['no signature', set('dsseEnvelope.signatures', [])],
    ['another hint', set('verificationMaterial.publicKey.hint', 'SHA256:x')],
    ['another key id', set('dsseEnvelope.signatures.0.keyid', '')],
    ['no ledger entry', set('verificationMaterial.tlogEntries', [])],
    ['two ledger entries', repeat('verificationMaterial.tlogEntries')],
    [
      'another log id',
      set('verificationMaterial.tlogEntries.0.logId.keyId', Buffer.alloc(32).toString('base64')),
    ],
    ['another index outside', set('verificationMaterial.tlogEntries.0.logIndex', '0')],
    ['an index as a number', set('verificationMaterial.tlogEntries.0.logIndex', 1)],
    ['another time of entry', set('verificationMaterial.tlogEntries.0.integratedTime', '1')],
    [
      'an inclusion promise',
      set('verificationMaterial.tlogEntries.0.inclusionPromise', { signedEntryTimestamp: 'AAAA' }),
    ],
    ['a certificate', set('verificationMaterial.certificate', { rawBytes: 'AAAA' })],
  ];
  for (const [name, alter] of CASES) {
    it(`is refused with ${name}`, () => {
      sentenceFor(altered(alter));
    });
  }

  it(`is rejected when a bit of ${STEP === 1 ? 'any' : 'every seventh'} byte is flipped, even if the log key is not known`, () => {
    const copy = Uint8Array.from(bytes);
    // All places in a byte take turns, out of step with the six bits of base64: eight times as many tries found no more.
    for (let at = 0; at < bytes.length; at += STEP) {
      const byte = bytes[at] ?? 0;
      copy[at] = byte ^ (1 << (at % 8));
      const { verdict } = verifyCapsim(copy, { trustedKeys: TRUST.trustedKeys });
      copy[at] = byte;
      assert.notEqual(verdict, 'verified', `byte ${at}`);
    }
  }).timeout(180_000);
});
