import assert from 'node:assert/strict';
import { verifyCapsim, type VerificationReport } from '../../../src/evidence/verify.ts';
import { TRUST, failsAt, resealed } from '../../support/alteredEvidence.ts';
import { set } from '../../support/jsonEdit.ts';
import {
  CAPSULE_BYTES,
  CAPSULE_KEY,
  LOG_KEY,
  capsimWorld,
  keyNumber,
} from '../../support/sealedRun.ts';

function accepted(report: VerificationReport): void {
  assert.equal(report.verdict, 'verified', report.sentence);
  assert.ok(report.steps.every((step) => step.status === 'ok'));
}

describe('verifying evidence', () => {
  it('accepts what was sealed, of a run that passed and of one that failed', () => {
    for (const outcome of ['pass', 'fail'] as const) {
      for (const nodes of [2, 10]) {
        accepted(verifyCapsim(capsimWorld({ outcome, nodes }).bytes, TRUST));
      }
    }
  });

  it('makes its steps in the documented order', () => {
    const { steps } = verifyCapsim(capsimWorld().bytes, { ...TRUST, policy: { minNodes: 2 } });
    assert.deepEqual(
      steps.map(({ name }) => name),
      'file container signer signature statement subject result capsule meaning ledger policy'.split(
        ' ',
      ),
    );
  });

  it('compares the Capsule it is given', () => {
    const { bytes } = capsimWorld();
    accepted(verifyCapsim(bytes, { ...TRUST, capsuleBytes: CAPSULE_BYTES }));
    failsAt('subject', /not about the given file/, bytes, {
      ...TRUST,
      capsuleBytes: Buffer.from('{}'),
    });
  });

  describe('by a key that is trusted for a while', () => {
    const filedMs = Date.parse(capsimWorld().sealed.result.endedAt);
    const until = (validBefore: number, logBefore = Infinity) =>
      verifyCapsim(capsimWorld().bytes, {
        trustedKeys: [{ ...CAPSULE_KEY, validBefore }],
        logKeys: [{ ...LOG_KEY, validBefore: logBefore }],
      });

    it('counts when the ledger took it in before that ended, whenever it is verified', () => {
      accepted(until(filedMs));
    });

    it('is not trusted when the ledger took it in later, and nobody is told to add the key', () => {
      const report = until(filedMs - 1);
      assert.deepEqual([report.verdict, report.exitCode], ['untrusted', 3]);
      const step = report.steps.find(({ name }) => name === 'signer');
      assert.equal(step?.status, 'failed');
      assert.match(step.sentence, /for what it signed until .*, and not at /);
      assert.deepEqual(report.untrustedKeys, []);
    });

    it('says of a ledger whose key is not trusted for that time what it shows', () => {
      const { steps } = until(filedMs, filedMs - 1);
      const ledger = steps.find(({ name }) => name === 'ledger');
      assert.match(ledger?.sentence ?? '', /not known here for the time of that entry/);
    });
  });

  it('says "not trusted here" of an intact file by a stranger, and names the key', () => {
    const report = verifyCapsim(capsimWorld().bytes, { trustedKeys: [keyNumber(5)] });
    assert.deepEqual([report.verdict, report.exitCode], ['untrusted', 3]);
    assert.equal(report.signer, CAPSULE_KEY.keyid);
    assert.equal(report.signerPublicKey, CAPSULE_KEY.publicKey);
    assert.deepEqual(
      report.steps.filter(({ status }) => status !== 'ok').map(({ name }) => name),
      ['signer'],
    );
  });

  it('says "invalid", not "untrusted", of an altered file by a stranger', () => {
    const bytes = resealed(set('predicate.meshsim_evidence.result.outcome', 'fail'));
    failsAt('meaning', /outcome/, bytes, { trustedKeys: [] });
  });

  it('never uses the key that comes with the file: swapping in another makes it that stranger’s', () => {
    const stranger = capsimWorld({ key: keyNumber(5) });
    assert.equal(verifyCapsim(stranger.bytes, TRUST).verdict, 'untrusted');
  });

  it('insists on a log key when told to', () => {
    const { bytes } = capsimWorld();
    accepted(verifyCapsim(bytes, { ...TRUST, requireLogKey: true }));
    const other = { ...TRUST, logKeys: [keyNumber(8)], requireLogKey: true };
    failsAt('ledger', /another log key/, bytes, other);
  });

  it('says what the ledger proof shows when the log key is unknown', () => {
    const report = verifyCapsim(capsimWorld().bytes, { trustedKeys: TRUST.trustedKeys });
    accepted(report);
    assert.match(
      report.steps.find(({ name }) => name === 'ledger')?.sentence ?? '',
      /not known here/,
    );
  });
});
