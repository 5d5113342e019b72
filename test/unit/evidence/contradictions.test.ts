import type { Indicator } from '../../../src/model/indicator.ts';
import { ZERO_DIGEST, failsAt, resealed } from '../../support/alteredEvidence.ts';
import type { JsonEdit } from '../../support/jsonEdit.ts';
import { pop, push, repeat, set } from '../../support/jsonEdit.ts';
import { CAPSULE_KEY, keyNumber, packEnvelopeBy } from '../../support/sealedRun.ts';

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
      set('predicate.meshsim_evidence.invariants.0.observed', 'violated'),
    ],
    [
      'an invariant that nobody looked at, though every run can',
      'meaning',
      /"converged" was not observed/,
      set('predicate.meshsim_evidence.invariants.3.observed', 'not-observed'),
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
      /predicate type/,
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
    failsAt('result', /digest/, resealed(digest, { resign: false }));
    const sig = Buffer.from(CAPSULE_KEY.sign(Buffer.from('x'))).toString('base64');
    const signature = set('predicate.meshsim_evidence.resultSignature.sig', sig);
    failsAt('result', /does not match/, resealed(signature, { resign: false }));
  });
});
