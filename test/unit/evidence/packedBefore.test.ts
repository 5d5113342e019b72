import assert from 'node:assert/strict';
import { sealRun } from '../../../src/evidence/seal.ts';
import { verifyCapsim, type VerificationReport } from '../../../src/evidence/verify.ts';
import { statedRunOf } from '../../../src/evidence/statedRun.ts';
import type { RunObservation } from '../../../src/model/observation.ts';
import { writeCapsim } from '../../../src/evidence/capsim.ts';
import { failsAt, resealed, TRUST } from '../../support/alteredEvidence.ts';
import { genuineRun } from '../../support/genuineRuns.ts';
import { set } from '../../support/jsonEdit.ts';
import {
  CAPSULE_HASH,
  CAPSULE_KEY,
  entryFor,
  keyNumber,
  packedBefore,
  packEnvelopeBy,
  proofFor,
} from '../../support/sealedRun.ts';
import { upgradeObservation } from '../../support/upgradeObservation.ts';

const COLLEAGUE = keyNumber(5);
const FROM = 'predicate.meshsim_evidence.upgrade.from.';

describe('the Capsule that ran before an upgrade', () => {
  let observation: RunObservation;
  before(async () => {
    observation = await upgradeObservation();
  });

  const sealedFrom = (packed = packedBefore()): Uint8Array => {
    const sealed = sealRun({
      ...{ observation, capsuleHash: CAPSULE_HASH, key: CAPSULE_KEY, before: packed },
      packEnvelope: packEnvelopeBy(CAPSULE_KEY),
    });
    return writeCapsim(sealed.envelope, proofFor(entryFor(sealed)));
  };
  const stepOf = ({ steps }: VerificationReport) => steps.find(({ name }) => name === 'from');

  it('is verified by a step of its own, and stated as the run was observed', () => {
    const report = verifyCapsim(sealedFrom(), TRUST);
    assert.equal(report.verdict, 'verified', report.sentence);
    assert.match(
      stepOf(report)?.sentence ?? '',
      /^Upgraded from 4{64}, packed and signed by SHA256:/,
    );
    const stated = statedRunOf(report.statement!).upgrade;
    assert.deepEqual(stated?.order, observation.upgrade?.order);
    assert.equal(stated?.from, observation.upgrade?.from);
    assert.match(report.statement!.predicate.meshsim_evidence.schema, /:v3$/);
  });

  it('may have been packed by anybody who is trusted', () => {
    const bytes = sealedFrom(packedBefore(COLLEAGUE));
    const trustedKeys = [...TRUST.trustedKeys, COLLEAGUE];
    assert.equal(verifyCapsim(bytes, { ...TRUST, trustedKeys }).verdict, 'verified');
  });

  it('may have been packed by a key that has been replaced since, and not after that', () => {
    const packedAt = Date.parse(observation.startedAt);
    for (const [validBefore, verdict] of [
      [packedAt + 365 * 86_400_000, 'verified'],
      [packedAt - 365 * 86_400_000, 'untrusted'],
    ] as const) {
      const trustedKeys = [...TRUST.trustedKeys, { ...COLLEAGUE, validBefore }];
      const report = verifyCapsim(sealedFrom(packedBefore(COLLEAGUE)), { ...TRUST, trustedKeys });
      assert.equal(report.verdict, verdict, report.sentence);
    }
  });

  it('is "not trusted here" where its packer is not, and that key is named', () => {
    const report = verifyCapsim(sealedFrom(packedBefore(COLLEAGUE)), TRUST);
    assert.deepEqual([report.verdict, report.exitCode], ['untrusted', 3]);
    assert.equal(stepOf(report)?.status, 'failed');
    assert.deepEqual(report.untrustedKeys, [COLLEAGUE.publicKey]);
    assert.ok(report.sentence.includes(COLLEAGUE.keyid));
  });

  it('is of the same product', () => {
    failsAt(
      'from',
      /to one of "harbor-pay", another product/,
      sealedFrom(packedBefore(CAPSULE_KEY, 'ferry')),
    );
  });

  it('is the one that its pack is of', async () => {
    const packed = { envelope: packEnvelopeBy(CAPSULE_KEY), publicKey: CAPSULE_KEY.publicKey };
    failsAt('from', /is of another Capsule/, sealedFrom(packed));
    const of = await genuineRun('a virtual upgrade');
    const same = resealed(set(`${FROM}digest.sha256`, CAPSULE_HASH), { of });
    failsAt('from', /is of another Capsule/, same);
  });

  it('is refused where its signature does not match, or the key that comes with it is another', async () => {
    const of = await genuineRun('a virtual upgrade');
    const altered = packedBefore();
    const payload = Buffer.from(altered.envelope.payload, 'base64')
      .toString()
      .replace('harbor', 'harbur');
    const envelope = { ...altered.envelope, payload: Buffer.from(payload).toString('base64') };
    failsAt('from', /signature/, resealed(set(`${FROM}envelope`, envelope), { of }));
    const key = resealed(set(`${FROM}publicKey`, COLLEAGUE.publicKey), { of });
    failsAt('from', /names one key and carries another/, key);
    const stranger = packedBefore(COLLEAGUE);
    const swapped = resealed(set(`${FROM}envelope`, stranger.envelope), { of });
    failsAt('from', /names one key and carries another/, swapped);
  });

  it('is sealed with every upgrade', () => {
    assert.throws(
      () =>
        sealRun({
          ...{ observation, capsuleHash: CAPSULE_HASH, key: CAPSULE_KEY },
          packEnvelope: packEnvelopeBy(CAPSULE_KEY),
        }),
      /sealed with the pack it starts from/,
    );
  });
});
