import assert from 'node:assert/strict';
import { policyProblems } from '../../../src/evidence/policy.ts';
import { verifyCapsim, type VerifyOptions } from '../../../src/evidence/verify.ts';
import type { EvidenceStatement } from '../../../src/model/evidence.ts';
import type { Isolation, IsolationLimit, RequiredIsolation } from '../../../src/model/isolation.ts';
import { TRUST, resealed } from '../../support/alteredEvidence.ts';
import { capsimWorld, sealedRun } from '../../support/sealedRun.ts';

describe('policy', () => {
  const now = Date.UTC(2026, 0, 6, 9);
  const judge = (policy: NonNullable<VerifyOptions['policy']>, choice = {}) =>
    verifyCapsim(capsimWorld(choice).bytes, { ...TRUST, policy: { now, ...policy } });

  it('is met or not met, after everything else', () => {
    assert.equal(judge({ maxAgeMs: 2 * 86_400_000, minNodes: 3 }).exitCode, 0);
    assert.match(judge({ maxAgeMs: 3_600_000 }).sentence, /24\.0 h ago/);
    assert.match(judge({ minNodes: 4 }).sentence, /3 nodes/);
    assert.match(judge({ requireChaos: true }).sentence, /no chaos/);
    assert.match(judge({ requirePass: true }, { outcome: 'fail' }).sentence, /failed/);
    assert.equal(judge({ minNodes: 4 }).exitCode, 4);
    assert.equal(
      judge({ requireChaos: true }, { plan: { chaos: { preset: 'partition' } } }).exitCode,
      0,
    );
  });

  it('asks for the isolation every node must have had; evidence that does not say it had none', () => {
    const of = (
      isolation: Isolation | undefined,
      requireIsolation: RequiredIsolation,
      by?: IsolationLimit['by'],
    ) => {
      const { payload } = sealedRun().envelope;
      const statement = JSON.parse(Buffer.from(payload, 'base64').toString()) as EvidenceStatement;
      const evidence = statement.predicate.meshsim_evidence;
      const limit = by === undefined ? {} : { isolationLimit: { by, reason: 'no TUN' } };
      Object.assign(evidence.environment, { isolation, ...limit });
      return [...policyProblems(evidence, { requireIsolation })].length;
    };
    assert.deepEqual([of(undefined, 'any'), of('none', 'any'), of('full', 'any')], [0, 0, 0]);
    assert.deepEqual(
      [of(undefined, 'network'), of('network', 'network'), of('full', 'network')],
      [1, 0, 0],
    );
    assert.deepEqual([of('none', 'full'), of('network', 'full'), of('full', 'full')], [1, 1, 0]);
    assert.deepEqual(
      [
        of('full', 'available'),
        of('network', 'available', 'machine'),
        of('none', 'available', 'machine'),
        of('network', 'available', 'settings'),
        of('none', 'available'),
        of(undefined, 'available'),
      ],
      [0, 0, 0, 1, 1, 1],
    );
    const limited = {
      isolation: 'network',
      isolationLimit: { by: 'machine', reason: 'no mounts' },
    };
    const sealed = sealedRun();
    const { sentence } = verifyCapsim(
      resealed(
        (root) =>
          Object.assign(
            (root as EvidenceStatement).predicate.meshsim_evidence.environment,
            limited,
          ),
        { of: sealed },
      ),
      { ...TRUST, policy: { requireIsolation: 'full' } },
    );
    assert.match(
      sentence,
      /isolated: network \(the machine gives no more: no mounts\); required is: full/,
    );
  });

  it('is told with all that is not met, not only the first', () => {
    const report = judge({ maxAgeMs: 3_600_000, minNodes: 4, requireChaos: true });
    assert.match(report.sentence, /had 3 nodes;.* had no chaos\. .*24\.0 h ago/);
    assert.equal(report.exitCode, 4);
  });

  it('tells a real rehearsal of the signed commits from what only looks like one', () => {
    const real = (plan: object) => judge({ requireReal: true }, { plan });
    assert.equal(real({}).exitCode, 0);
    assert.match(real({ world: 'virtual' }).sentence, /virtual time/);
    const drift = [{ node: 'n1', service: 'orders', commit: '9c0abe5' }];
    const drifted = judge({ requireReal: true }, { plan: { drift }, outcome: 'fail' });
    assert.match(drifted.sentence, /other commits/);
    const params = { nodes: 3, verifySignatures: false };
    assert.match(real({ params }).sentence, /switched off/);
  });

  it('does not take a run from the future for a fresh one, or an unknown time for any', () => {
    const yesterday = now - 2 * 86_400_000;
    assert.match(judge({ maxAgeMs: 1, now: yesterday }).sentence, /future/);
    const report = verifyCapsim(capsimWorld().bytes, { ...TRUST, policy: { maxAgeMs: 1e15 } });
    assert.equal(report.verdict, 'policy-not-met');
  });

  it('does not make an untrusted signer trusted', () => {
    const report = verifyCapsim(capsimWorld().bytes, { trustedKeys: [], policy: { minNodes: 2 } });
    assert.equal(report.exitCode, 3);
  });
});
