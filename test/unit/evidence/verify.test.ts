import assert from 'node:assert/strict';
import { writeCapsim } from '../../../src/evidence/capsim.ts';
import { verifyCapsim } from '../../../src/evidence/verify.ts';
import type { VerificationReport, VerifyOptions } from '../../../src/evidence/verify.ts';
import type { EvidenceStatement, Indicator } from '../../../src/model/evidence.ts';
import { DSSE_PAYLOAD_TYPE } from '../../../src/model/evidence.ts';
import { canonicalBytes } from '../../../src/signing/canonicalJson.ts';
import { sha256Hex } from '../../../src/signing/digest.ts';
import { preAuthEncoding, signEnvelope } from '../../../src/signing/dsse.ts';
import type { JsonEdit } from '../../support/jsonEdit.ts';
import { pop, push, repeat, set } from '../../support/jsonEdit.ts';
import {
  CAPSULE_BYTES,
  CAPSULE_KEY,
  LOG_KEY,
  capsimWorld,
  entryFor,
  keyNumber,
  packEnvelopeBy,
  proofFor,
  sealedRun,
} from '../../support/sealedRun.ts';

const TRUST: VerifyOptions = {
  trustedKeys: [CAPSULE_KEY.publicKey],
  logKeys: [LOG_KEY.publicKey],
};

const ZERO_DIGEST = '0'.repeat(64);

/** Alters the statement and signs it again with the right key: only the meaning can give it away. */
function resealed(alter: JsonEdit, resign = true): Uint8Array {
  const sealed = sealedRun();
  const statement = JSON.parse(Buffer.from(sealed.statementBytes).toString()) as EvidenceStatement;
  alter(statement);
  const evidence = statement.predicate.meshsim_evidence;
  const { result } = evidence;
  if (resign) {
    const bytes = canonicalBytes(result);
    evidence.resultDigest = { sha256: sha256Hex(bytes) };
    const message = preAuthEncoding(evidence.resultSignature.payloadType, bytes);
    evidence.resultSignature.sig = Buffer.from(CAPSULE_KEY.sign(message)).toString('base64');
  }
  const envelope = signEnvelope(DSSE_PAYLOAD_TYPE, canonicalBytes(statement), CAPSULE_KEY);
  const again = { ...sealed, envelope, result, resultDigest: evidence.resultDigest.sha256 };
  return writeCapsim(envelope, proofFor(entryFor(again)));
}

function failsAt(step: string, pattern: RegExp, bytes: Uint8Array, options = TRUST): void {
  const report = verifyCapsim(bytes, options);
  const last = report.steps.at(-1);
  assert.deepEqual(
    [report.verdict, last?.name, last?.status],
    ['invalid', step, 'failed'],
    last?.sentence,
  );
  assert.match(report.sentence, pattern);
  assert.equal(report.exitCode, 1);
}

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

  it('says "not trusted here" of an intact file by a stranger, and names the key', () => {
    const report = verifyCapsim(capsimWorld().bytes, { trustedKeys: [keyNumber(5).publicKey] });
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
    const other = { ...TRUST, logKeys: [keyNumber(8).publicKey], requireLogKey: true };
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

  it('tells a real rehearsal of the signed commits from what only looks like one', () => {
    const real = (plan: object) => judge({ requireReal: true }, { plan });
    assert.equal(real({}).exitCode, 0);
    assert.match(real({ world: 'virtual' }).sentence, /virtual time/);
    const drift = [{ node: 'n2', service: 'orders', commit: '9c0abe5' }];
    assert.match(real({ drift }).sentence, /other commits/);
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

const indicator = (choice: Partial<Indicator>): Indicator => ({
  name: 'web: quick',
  metric: 'latency-p95-ms',
  comparator: '<=',
  threshold: 50,
  value: 80,
  sampleSize: 100,
  passed: false,
  ...choice,
});

describe('evidence that is signed with the right key but does not make sense', () => {
  const CASES: readonly [string, string, RegExp, JsonEdit][] = [
    [
      'a fail called a pass',
      'meaning',
      /outcome/,
      set('predicate.meshsim_evidence.result.nodeReports.1.signatureVerified', false),
    ],
    [
      'a broken invariant in a pass',
      'meaning',
      /outcome/,
      set('predicate.meshsim_evidence.invariants.0.passed', false),
    ],
    ['FAILED beside a pass', 'meaning', /FAILED/, set('predicate.result', 'FAILED')],
    ['a missing node', 'meaning', /n0 to n2/, pop('predicate.meshsim_evidence.result.nodeReports')],
    [
      'a node reported twice',
      'meaning',
      /n0 to n2/,
      set('predicate.meshsim_evidence.result.nodeReports.2.nodeId', 'n1'),
    ],
    [
      'an objective missed and called met',
      'meaning',
      /"web: quick" was met, measured 80, wanted <= 50/,
      push('predicate.meshsim_evidence.indicators', indicator({ passed: true })),
    ],
    [
      'an objective met and called missed',
      'meaning',
      /was missed, measured 20, wanted <= 50/,
      push('predicate.meshsim_evidence.indicators', indicator({ value: 20, passed: false })),
    ],
    [
      'objectives that were to be judged and are not',
      'meaning',
      /objectives-met/,
      set('predicate.meshsim_evidence.plan.failOnObjectives', true),
    ],
    [
      'a regression that was to be judged and is not',
      'meaning',
      /no-regression/,
      set('predicate.meshsim_evidence.plan.failOnRegression', true),
    ],
    ['a missing invariant', 'meaning', /invariants/, pop('predicate.meshsim_evidence.invariants')],
    [
      'an invariant twice',
      'meaning',
      /invariants/,
      set('predicate.meshsim_evidence.invariants.1.name', 'verified-before-start'),
    ],
    [
      'a matrix of another size',
      'meaning',
      /3 × 3/,
      pop('predicate.meshsim_evidence.result.latencyMatrix'),
    ],
    [
      'a ragged matrix',
      'meaning',
      /3 × 3/,
      push('predicate.meshsim_evidence.result.latencyMatrix.1', 4),
    ],
    [
      'a latency to itself',
      'meaning',
      /diagonal/,
      set('predicate.meshsim_evidence.result.latencyMatrix.1.1', 3),
    ],
    [
      'a negative latency',
      'meaning',
      /-1 everywhere/,
      set('predicate.meshsim_evidence.result.latencyMatrix.0.1', -0.5),
    ],
    [
      'an end before the start',
      'meaning',
      /ends before it starts/,
      set('predicate.meshsim_evidence.result.endedAt', '2020-01-01T00:00:00.000Z'),
    ],
    [
      'a phase outside the run',
      'meaning',
      /outside the run/,
      set(
        'predicate.meshsim_evidence.result.nodeReports.0.phases.0.start',
        '2020-01-01T00:00:00.000Z',
      ),
    ],
    [
      'a phase that ends before it starts',
      'meaning',
      /ends before/,
      set(
        'predicate.meshsim_evidence.result.nodeReports.0.phases.2.end',
        '2026-01-05T09:00:00.400Z',
      ),
    ],
    [
      'phases out of order',
      'meaning',
      /before the one/,
      set(
        'predicate.meshsim_evidence.result.nodeReports.0.phases.2.start',
        '2026-01-05T09:00:00.100Z',
      ),
    ],
    ['a test hidden', 'meaning', /passed and failed tests/, pop('predicate.passedTests')],
    [
      'a test invented',
      'meaning',
      /passed and failed tests/,
      push('predicate.passedTests', 'n9/boot'),
    ],
    [
      'another configuration digest',
      'meaning',
      /digest/,
      set('predicate.configuration.0.digest.sha256', ZERO_DIGEST),
    ],
    [
      'parameters that are not the plan’s',
      'meaning',
      /configuration/,
      set('predicate.meshsim_evidence.result.params.packetLoss', 50),
    ],
    [
      'a plan with other parameters',
      'meaning',
      /plan's parameters/,
      set('predicate.meshsim_evidence.plan.params.packetLoss', 0),
    ],
    [
      'a plan with hidden chaos',
      'meaning',
      /plan's parameters/,
      set('predicate.meshsim_evidence.plan.chaos.preset', 'partition'),
    ],
    [
      'a plan of another Capsule',
      'meaning',
      /another Capsule/,
      set('predicate.meshsim_evidence.plan.capsuleHash', ZERO_DIGEST),
    ],
    [
      'another simulation’s url',
      'meaning',
      /another simulation/,
      set('predicate.url', 'urn:uuid:0'),
    ],
    ['another subject', 'subject', /another Capsule/, set('subject.0.digest.sha256', ZERO_DIGEST)],
    [
      'a Capsule signed for another hash',
      'capsule',
      /another Capsule/,
      set('predicate.meshsim_evidence.capsule.envelope', packEnvelopeBy(CAPSULE_KEY, ZERO_DIGEST)),
    ],
    [
      'a Capsule signed by somebody else',
      'capsule',
      /names the key/,
      set('predicate.meshsim_evidence.capsule.envelope', packEnvelopeBy(keyNumber(5))),
    ],
    [
      'a Capsule filed under another hash',
      'capsule',
      /another Capsule/,
      set('predicate.meshsim_evidence.capsule.digest.sha256', ZERO_DIGEST),
    ],
    ['no link to the pack', 'capsule', /link/, set('predicate.meshsim_evidence.links', [])],
    [
      'a link to another pack',
      'capsule',
      /link/,
      set('predicate.meshsim_evidence.links.0.digest.sha256', ZERO_DIGEST),
    ],
    [
      'another signer in the result',
      'result',
      /another key/,
      set('predicate.meshsim_evidence.result.signedBy', keyNumber(5).publicKey),
    ],
    [
      'another embedded key',
      'result',
      /another key/,
      set('predicate.meshsim_evidence.resultSignature.publicKey', keyNumber(5).publicKey),
    ],
    [
      'another embedded key id',
      'result',
      /another key/,
      set('predicate.meshsim_evidence.resultSignature.keyid', 'SHA256:x'),
    ],
    [
      'a field nobody asked for',
      'statement',
      /unrecognized|Unrecognized/,
      set('predicate.meshsim_evidence.result.extra', 1),
    ],
    [
      'a field left out',
      'statement',
      /signatureVerified/,
      set('predicate.meshsim_evidence.result.nodeReports.0.signatureVerified', undefined),
    ],
    [
      'a default left out',
      'statement',
      /leaves out/,
      set('predicate.meshsim_evidence.plan.seed', undefined),
    ],
    ['a second subject', 'statement', /subject/, repeat('subject')],
    [
      'another predicate type',
      'statement',
      /predicateType/,
      set('predicateType', 'https://slsa.dev/provenance/v1'),
    ],
    [
      'a time in another spelling',
      'statement',
      /startedAt/,
      set('predicate.meshsim_evidence.result.startedAt', '2026-01-05T09:00:00Z'),
    ],
  ];
  for (const [name, step, pattern, alter] of CASES) {
    it(`is refused at "${step}": ${name}`, () => failsAt(step, pattern, resealed(alter)));
  }

  it('is refused at "result": another digest, or a signature over something else', () => {
    const digest = set('predicate.meshsim_evidence.resultDigest.sha256', ZERO_DIGEST);
    failsAt('result', /digest/, resealed(digest, false));
    const sig = Buffer.from(CAPSULE_KEY.sign(Buffer.from('x'))).toString('base64');
    const signature = set('predicate.meshsim_evidence.resultSignature.sig', sig);
    failsAt('result', /does not match/, resealed(signature, false));
  });
});

describe('a ledger proof that belongs to something else', () => {
  const sealed = sealedRun();
  const good = entryFor(sealed);

  it('is refused when the entry is about another run, outcome or envelope', () => {
    for (const change of [
      { simId: '7b0c1f6e-2b9f-4a51-9d3e-0c6a5f1d2e3c' },
      { outcome: 'fail' as const },
      { capsuleHash: ZERO_DIGEST },
      { resultDigest: ZERO_DIGEST },
      { body: ZERO_DIGEST },
      { payload: ZERO_DIGEST },
    ]) {
      const entry = { ...good, ...change } as typeof good;
      failsAt('ledger', /something else/, writeCapsim(sealed.envelope, proofFor(entry)));
    }
  });

  it('is refused when it does not lead to the checkpoint', () => {
    const proof = proofFor(good);
    const wrong = { ...proof, hashes: [Buffer.alloc(32)] };
    failsAt('ledger', /does not lead/, writeCapsim(sealed.envelope, wrong));
    failsAt('ledger', /does not lead/, writeCapsim(sealed.envelope, { ...proof, index: 0 }));
    failsAt('ledger', /does not lead/, writeCapsim(sealed.envelope, { ...proof, treeSize: 3 }));
  });

  it('is refused when the checkpoint is signed by another key than its origin names', () => {
    const proof = proofFor(good);
    const foreign = proofFor(good, keyNumber(8)).checkpoint.split('\n\n')[1] ?? '';
    const checkpoint = `${proof.checkpoint.split('\n\n')[0] ?? ''}\n\n${foreign}`;
    assert.equal(verifyCapsim(writeCapsim(sealed.envelope, proof), TRUST).verdict, 'verified');
    assert.throws(() => writeCapsim(sealed.envelope, { ...proof, checkpoint }), {
      code: 'signature-invalid',
    });
  });
});
