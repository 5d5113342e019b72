import assert from 'node:assert/strict';
import { sealRun } from '../../../src/evidence/seal.ts';
import type { EvidenceStatement } from '../../../src/model/evidence.ts';
import { canonicalBytes } from '../../../src/signing/canonicalJson.ts';
import { observationOf } from '../../support/observation.ts';
import { CAPSULE_HASH, CAPSULE_KEY, packEnvelopeBy, sealedRun } from '../../support/sealedRun.ts';

function statementOf(sealed: { statementBytes: Uint8Array }): EvidenceStatement {
  return JSON.parse(Buffer.from(sealed.statementBytes).toString()) as EvidenceStatement;
}

describe('sealing a run', () => {
  it('gives the same bytes for the same observation', () => {
    assert.deepEqual(sealedRun().envelope, sealedRun().envelope);
  });

  it("holds exactly the fields of the owner's type", () => {
    const { result } = sealedRun({ plan: { chaos: { preset: 'crash-mid-deploy' } } });
    assert.deepEqual(Object.keys(result).sort(), [
      'capsuleHash',
      'endedAt',
      'latencyMatrix',
      'nodeReports',
      'outcome',
      'params',
      'signedBy',
      'simId',
      'startedAt',
    ]);
    assert.deepEqual(result.params, {
      nodes: 3,
      latencyMs: [40, 180],
      packetLoss: 4,
      chaosMode: true,
    });
    assert.deepEqual(Object.keys(sealedRun().result.params), ['nodes', 'latencyMs', 'packetLoss']);
  });

  it('rounds latencies to three decimals before it signs them', () => {
    const { latencyMatrix } = sealedRun().result;
    assert.deepEqual(latencyMatrix[0], [0, 111.335, 111.435]);
    const [link] = statementOf(sealedRun()).predicate.meshsim_evidence.network.links;
    assert.equal(link?.achievedMs?.p50, 110.212);
  });

  it('is about the Capsule and only the Capsule', () => {
    const { subject } = statementOf(sealedRun());
    assert.deepEqual(subject, [{ name: 'capsule.json', digest: { sha256: CAPSULE_HASH } }]);
  });

  it('lists what failed as failed tests', () => {
    const { predicate } = statementOf(sealedRun({ outcome: 'fail' }));
    assert.equal(predicate.result, 'FAILED');
    assert.deepEqual(predicate.failedTests, ['n1/verify', 'invariant/converged']);
    assert.ok(predicate.passedTests.includes('n0/healthy'));
    assert.ok(!predicate.passedTests.includes('n1/healthy'));
  });

  it('judges a phase by its last attempt', () => {
    const plan = { chaos: { preset: 'crash-mid-deploy' as const } };
    const sealed = sealedRun({ nodes: 4, plan });
    const phases = sealed.result.nodeReports[3]?.phases ?? [];
    assert.deepEqual(
      phases.filter(({ name }) => name === 'receive').map(({ status }) => status),
      ['error', 'ok'],
    );
    const { passedTests, failedTests } = statementOf(sealed).predicate;
    assert.deepEqual(failedTests, []);
    assert.equal(passedTests.filter((name) => name === 'n3/receive').length, 1);
  });

  it('links to the pack entry and to the previous run', () => {
    const sealed = sealRun({
      observation: observationOf({ capsuleHash: CAPSULE_HASH }),
      capsuleHash: CAPSULE_HASH,
      packEnvelope: packEnvelopeBy(CAPSULE_KEY),
      previousSim: 'ab'.repeat(32),
      key: CAPSULE_KEY,
    });
    const { links } = statementOf(sealed).predicate.meshsim_evidence;
    assert.deepEqual(
      links.map(({ rel }) => rel),
      ['capsule-pack', 'previous-sim'],
    );
  });

  it('refuses to sign a record that contradicts itself', () => {
    const seal = (change: object) => () =>
      sealRun({
        observation: { ...observationOf({ capsuleHash: CAPSULE_HASH }), ...change },
        capsuleHash: CAPSULE_HASH,
        packEnvelope: packEnvelopeBy(CAPSULE_KEY),
        key: CAPSULE_KEY,
      });
    assert.throws(seal({ outcome: 'fail' }), { code: 'internal', message: /outcome/ });
    assert.throws(seal({ latencyMatrix: [[0]] }), { code: 'internal', message: /matrix/ });
    assert.throws(seal({ invariants: [] }), { code: 'internal', message: /invariants/ });
    assert.throws(seal({ endedAt: 'yesterday' }), { code: 'internal', message: /endedAt/ });
  });

  it('signs the canonical bytes of the result on their own, too', () => {
    const { result, resultBytes } = sealedRun();
    assert.deepEqual(resultBytes, canonicalBytes(result));
  });
});
