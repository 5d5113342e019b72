import assert from 'node:assert/strict';
import { decide } from '../../../src/deploy/gate.ts';
import type { GateInput } from '../../../src/deploy/gateFacts.ts';
import { effectivePolicy } from '../../../src/deploy/gatePolicy.ts';
import { decisionStatement } from '../../../src/deploy/statements.ts';
import { reasonsOf, type Decision, type GateRule } from '../../../src/model/deploy.ts';
import { environmentSchema, type GatePolicy } from '../../../src/model/environments.ts';
import type { Indicator } from '../../../src/model/evidence.ts';
import type { Objective } from '../../../src/model/registry.ts';
import { fingerprint } from '../../../src/signing/publicKey.ts';
import { ENDED_MS, gateInputOf, rehearsal, type RehearsalChoice } from '../../support/gateWorld.ts';
import { CAPSULE_HASH, CAPSULE_KEY, keyNumber } from '../../support/sealedRun.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const OTHER_RUN = '11111111-2222-4333-8444-555555555555';
const OTHER_HASH = 'e'.repeat(64);
const stranger = keyNumber(5);

interface Case {
  readonly name: string;
  /** What the rehearsal is, where it is not one that meets the strict policy. */
  readonly run?: RehearsalChoice;
  readonly input?: (good: GateInput) => Partial<GateInput>;
  /** Over the strict policy of production. */
  readonly gate?: Partial<GatePolicy>;
  /** Milliseconds since the Unix epoch; an hour after the rehearsal when left out. */
  readonly now?: number;
  /** The rules that do not hold; empty: it is allowed. */
  readonly failed: readonly GateRule[];
}

function ask({
  run,
  input,
  gate,
  now = ENDED_MS + HOUR_MS,
}: Omit<Case, 'failed' | 'name'>): Decision {
  const good = gateInputOf(rehearsal(run));
  const environment = environmentSchema.parse({
    production: true,
    target: { kind: 'directory', path: 'there' },
    ...(gate === undefined ? {} : { gate }),
  });
  return decide({ ...good, ...input?.(good) }, effectivePolicy(environment), now);
}

const open = (startedAt: number) => ({ simId: OTHER_RUN, startedAt });
const sealedLater = (index: number, outcome: 'pass' | 'fail') => ({
  simId: OTHER_RUN,
  startedAt: index - 1,
  result: { index, body: OTHER_HASH, outcome },
});
const altered = (bytes: Uint8Array | undefined, at: (length: number) => number): Uint8Array => {
  const copy = Buffer.from(bytes ?? new Uint8Array());
  const place = at(copy.length);
  copy[place] = (copy[place] ?? 0) ^ 1;
  return copy;
};
const indicator = (name: string, passed: boolean): Indicator => ({
  name,
  metric: 'latency-p95-ms',
  comparator: '<=',
  threshold: 50,
  value: passed ? 20 : 80,
  sampleSize: 100,
  passed,
});
const objective: Objective = {
  name: 'bookings are quick',
  metric: 'latency-p95-ms',
  comparator: '<=',
  threshold: 50,
};
const declares = (good: GateInput) => ({
  pack: {
    publicKey: CAPSULE_KEY.publicKey,
    ...good.pack,
    isDirty: false,
    objectives: [{ service: 'gateway', objective, measuredBy: 'probes' as const }],
  },
});
const unproven = (index: number, name: string) => ({ index, name, problem: 'It was altered.' });
const MS_7_DAYS = 7 * DAY_MS;

const CASES: readonly Case[] = [
  { name: 'a fresh rehearsal that meets the strict policy', failed: [] },

  // Age and clocks
  { name: 'as old as allowed, to the millisecond', now: ENDED_MS + MS_7_DAYS, failed: [] },
  { name: 'a millisecond too old', now: ENDED_MS + MS_7_DAYS + 1, failed: ['fresh'] },
  { name: 'a millisecond younger than too old', now: ENDED_MS + MS_7_DAYS - 1, failed: [] },
  { name: 'a year old', now: ENDED_MS + 365 * DAY_MS, failed: ['fresh'] },
  {
    name: 'half a day allowed, to the millisecond',
    gate: { maxAgeDays: 0.5 },
    now: ENDED_MS + DAY_MS / 2,
    failed: [],
  },
  {
    name: 'half a day allowed, a millisecond more',
    gate: { maxAgeDays: 0.5 },
    now: ENDED_MS + DAY_MS / 2 + 1,
    failed: ['fresh'],
  },
  { name: 'asked at the instant it ended', now: ENDED_MS, failed: [] },
  {
    name: 'five minutes in the future, as clocks may differ',
    input: () => ({ ledger: { newestAt: new Date(ENDED_MS - DAY_MS).toISOString() } }),
    now: ENDED_MS - 5 * 60_000,
    failed: [],
  },
  {
    name: 'a millisecond more than five minutes in the future',
    input: () => ({ ledger: { newestAt: new Date(ENDED_MS - DAY_MS).toISOString() } }),
    now: ENDED_MS - 5 * 60_000 - 1,
    failed: ['not-in-future'],
  },
  {
    name: 'a clock set back by a millisecond',
    input: () => ({ ledger: { newestAt: new Date(ENDED_MS + HOUR_MS + 1).toISOString() } }),
    failed: ['clock-sane'],
  },
  {
    name: 'a clock that says what the newest entry says',
    input: () => ({ ledger: { newestAt: new Date(ENDED_MS + HOUR_MS).toISOString() } }),
    failed: [],
  },
  {
    name: 'a clock set back to before the run',
    now: ENDED_MS - DAY_MS,
    failed: ['clock-sane', 'not-in-future'],
  },
  {
    name: 'a ledger without a time to compare',
    input: () => ({ ledger: {} }),
    failed: ['clock-sane'],
  },
  { name: 'a clock that is no number', now: -8.64e15, failed: ['clock-sane', 'not-in-future'] },

  // Which rehearsal counts
  { name: 'no rehearsal', input: () => ({ runs: [], evidence: undefined }), failed: ['rehearsed'] },
  {
    name: 'no rehearsal, and one that was never sealed',
    input: () => ({ runs: [open(3)], evidence: undefined }),
    failed: ['rehearsed', 'newest-run-sealed'],
  },
  {
    name: 'a run started later and never sealed',
    input: ({ runs }) => ({ runs: [...runs, open(3)] }),
    failed: ['newest-run-sealed'],
  },
  {
    name: 'a run started while this one ran, and never sealed',
    input: ({ runs }) => ({ runs: [...runs, { ...open(1.5) }] }),
    failed: ['newest-run-sealed'],
  },
  {
    name: 'a run never sealed, but started earlier',
    input: ({ runs }) => ({ runs: [open(0), ...runs] }),
    failed: [],
  },
  {
    name: 'three orphans, all earlier',
    input: ({ runs }) => ({ runs: [open(0), open(0.2), open(0.5), ...runs] }),
    failed: [],
  },
  {
    name: 'a newer run that failed, whose evidence is at hand',
    run: { outcome: 'fail' },
    failed: ['outcome-pass'],
  },
  {
    name: 'a newer failure, with the older pass shown in its place',
    input: ({ runs }) => ({ runs: [...runs, sealedLater(4, 'fail')] }),
    failed: ['evidence-recorded', 'same-capsule'],
  },
  {
    name: 'a newer pass, with the older one shown in its place',
    input: ({ runs }) => ({ runs: [...runs, sealedLater(4, 'pass')] }),
    failed: ['evidence-recorded', 'same-capsule'],
  },
  {
    name: 'an older failure',
    input: ({ runs }) => ({ runs: [{ ...sealedLater(1, 'fail'), startedAt: 0 }, ...runs] }),
    failed: [],
  },
  {
    name: 'an entry that is later by index but older by its clock',
    input: ({ runs }) => ({ runs: [sealedLater(9, 'fail'), ...runs] }),
    failed: ['evidence-recorded', 'same-capsule'],
  },

  // Whether it is genuine
  {
    name: 'a file that is not there',
    input: () => ({ evidence: undefined }),
    failed: ['evidence-genuine'],
  },
  {
    name: 'an object that is not there',
    input: () => ({ evidence: { problem: 'object 3f9a is missing.' } }),
    failed: ['evidence-recorded', 'evidence-genuine'],
  },
  {
    name: 'an empty file',
    input: () => ({ evidence: { bytes: new Uint8Array() } }),
    failed: ['evidence-genuine'],
  },
  {
    name: 'garbage',
    input: () => ({ evidence: { bytes: Buffer.from('{"a":1}') } }),
    failed: ['evidence-genuine'],
  },
  {
    name: 'a file with its first byte altered',
    input: ({ evidence }) => ({ evidence: { bytes: altered(evidence?.bytes, () => 0) } }),
    failed: ['evidence-genuine'],
  },
  {
    name: 'a file with its last byte altered',
    input: ({ evidence }) => ({
      evidence: { bytes: altered(evidence?.bytes, (length) => length - 1) },
    }),
    failed: ['evidence-genuine'],
  },
  {
    name: 'a file cut off',
    input: ({ evidence }) => ({
      evidence: { bytes: (evidence?.bytes ?? new Uint8Array()).slice(0, -1) },
    }),
    failed: ['evidence-genuine'],
  },
  {
    name: "another run's genuine file in its place",
    input: () => ({ evidence: { bytes: rehearsal({ simId: OTHER_RUN }).bytes } }),
    failed: ['evidence-recorded', 'same-capsule'],
  },
  {
    name: 'the same run sealed anew with other words',
    input: () => ({ evidence: { bytes: rehearsal({ nodes: 5 }).bytes } }),
    failed: ['evidence-recorded'],
  },
  {
    name: 'evidence of another ledger',
    run: { logKey: keyNumber(6) },
    failed: ['evidence-genuine'],
  },
  {
    name: 'evidence of another Capsule',
    run: { capsuleHash: OTHER_HASH },
    failed: ['same-capsule'],
  },

  // Who signed
  {
    name: 'a signer nobody trusts',
    run: { key: stranger },
    failed: ['signer-trusted', 'signer-allowed'],
  },
  {
    name: 'a signer whose line was removed since',
    input: () => ({ trustedKeys: [] }),
    failed: ['capsule-signed', 'signer-trusted'],
  },
  {
    name: "a trusted colleague's evidence, where only one's own counts",
    run: { key: stranger },
    input: ({ trustedKeys }) => ({ trustedKeys: [...trustedKeys, stranger.publicKey] }),
    failed: ['signer-allowed'],
  },
  {
    name: "a trusted colleague's evidence, where anybody trusted counts",
    run: { key: stranger },
    input: ({ trustedKeys }) => ({ trustedKeys: [...trustedKeys, stranger.publicKey] }),
    gate: { trustedSigners: ['any'] },
    failed: [],
  },
  {
    name: "a trusted colleague's evidence, where that key is named",
    run: { key: stranger },
    input: ({ trustedKeys }) => ({ trustedKeys: [...trustedKeys, stranger.publicKey] }),
    gate: { trustedSigners: [fingerprint(stranger.publicKey)] },
    failed: [],
  },
  {
    name: 'a named key that is not, or no longer, trusted',
    run: { key: stranger },
    gate: { trustedSigners: [fingerprint(stranger.publicKey)] },
    failed: ['signer-trusted'],
  },
  {
    name: "one's own evidence, where only another key is named",
    gate: { trustedSigners: [fingerprint(stranger.publicKey)] },
    failed: ['signer-allowed'],
  },
  {
    name: 'a stranger, where anybody trusted counts',
    run: { key: stranger },
    gate: { trustedSigners: ['any'] },
    failed: ['signer-trusted'],
  },

  // What was rehearsed
  { name: 'a run that failed', run: { outcome: 'fail' }, failed: ['outcome-pass'] },
  { name: 'two nodes', run: { nodes: 2 }, failed: ['enough-nodes'] },
  { name: 'three nodes', run: { nodes: 3 }, failed: [] },
  {
    name: 'nine nodes where ten are asked for',
    run: { nodes: 9 },
    gate: { minNodes: 10 },
    failed: ['enough-nodes'],
  },
  { name: 'no chaos', run: { plan: { chaos: {} } }, failed: ['chaos'] },
  {
    name: 'no chaos, where none is asked for',
    run: { plan: { chaos: {} } },
    gate: { requireChaos: false },
    failed: [],
  },
  {
    name: 'a chaos schedule of its own',
    run: { plan: { chaos: { faults: [{ when: { atMs: 10 }, do: { kill: 'n1' } }] } } },
    failed: [],
  },
  {
    name: 'no loss',
    run: { plan: { params: { nodes: 3, packetLoss: 0 } } },
    failed: ['enough-loss'],
  },
  {
    name: 'exactly the loss asked for',
    run: { plan: { params: { nodes: 3, packetLoss: 1 } } },
    failed: [],
  },
  {
    name: 'a little less loss than asked for',
    run: { plan: { params: { nodes: 3, packetLoss: 0.99 } } },
    failed: ['enough-loss'],
  },
  {
    name: 'loss on the slider, and a custom link without any',
    run: {
      plan: {
        topology: {
          kind: 'custom',
          links: [{ from: 'n0', to: 'n1', loss: { kind: 'bernoulli', p: 0 } }],
        },
      },
    },
    failed: ['enough-loss'],
  },
  {
    name: 'bursts that lose enough on average',
    run: {
      plan: {
        topology: {
          kind: 'custom',
          links: [
            {
              from: 'n0',
              to: 'n1',
              loss: { kind: 'gilbert-elliott', p: 0.1, r: 0.9, lossGood: 0, lossBad: 0.5 },
            },
          ],
        },
      },
    },
    failed: [],
  },
  {
    name: 'bursts that lose too little on average',
    run: {
      plan: {
        topology: {
          kind: 'custom',
          links: [
            {
              from: 'n0',
              to: 'n1',
              loss: { kind: 'gilbert-elliott', p: 0.001, r: 0.9, lossGood: 0, lossBad: 0.5 },
            },
          ],
        },
      },
    },
    failed: ['enough-loss'],
  },
  { name: 'exactly the latency asked for', gate: { minLatencyMs: 40 }, failed: [] },
  { name: 'less latency than asked for', gate: { minLatencyMs: 41 }, failed: ['enough-latency'] },
  {
    name: 'latency on the slider, and regions that are near',
    run: {
      plan: {
        topology: {
          kind: 'regions',
          regions: ['a', 'b'],
          rttMs: [
            [2, 200],
            [200, 2],
          ],
        },
      },
    },
    gate: { minLatencyMs: 40 },
    failed: ['enough-latency'],
  },
  {
    name: 'latency on the slider, and one fast link',
    run: {
      plan: {
        topology: {
          kind: 'custom',
          links: [{ from: 'n0', to: 'n1', delay: { kind: 'constant', ms: 1 } }],
        },
      },
    },
    gate: { minLatencyMs: 40 },
    failed: ['enough-latency'],
  },
  {
    name: 'a drifted node',
    run: { plan: { drift: [{ node: 'n2', service: 'orders', commit: '9c0abe5' }] } },
    failed: ['no-drift'],
  },
  {
    name: 'signature checks switched off',
    run: { plan: { params: { nodes: 3, packetLoss: 4, verifySignatures: false } } },
    failed: ['signatures-checked'],
  },
  {
    name: 'virtual time',
    run: { environment: { fidelity: 'virtual' }, plan: { world: 'virtual' } },
    failed: ['real-world'],
  },
  {
    name: 'virtual time, where that is accepted',
    run: { environment: { fidelity: 'virtual' }, plan: { world: 'virtual' } },
    gate: { allowVirtual: true },
    failed: [],
  },
  {
    name: 'virtual time that calls itself real in one place',
    run: { environment: { fidelity: 'datagram' }, plan: { world: 'virtual' } },
    failed: ['real-world'],
  },
  { name: 'degraded timing', run: { environment: { degraded: true } }, failed: ['full-fidelity'] },
  {
    name: 'degraded timing, where that is accepted',
    run: { environment: { degraded: true } },
    gate: { allowDegraded: true },
    failed: [],
  },

  // Objectives
  {
    name: 'an objective that was missed',
    run: { indicators: [indicator('bookings are quick', false)] },
    failed: ['objectives'],
  },
  {
    name: 'an objective that was missed, where they are ignored',
    run: { indicators: [indicator('bookings are quick', false)] },
    gate: { objectives: 'ignore' },
    failed: [],
  },
  { name: 'an objective that was not measured', input: declares, failed: [] },
  {
    name: 'an objective that was not measured, where all must be',
    input: declares,
    gate: { objectives: 'met' },
    failed: ['objectives'],
  },
  {
    name: 'every objective measured and held, where all must be',
    run: { indicators: [indicator('gateway: bookings are quick', true)] },
    input: declares,
    gate: { objectives: 'met' },
    failed: [],
  },
  {
    name: 'the objective of another service of the same name, where all must be measured',
    run: { indicators: [indicator('orders: bookings are quick', true)] },
    input: declares,
    gate: { objectives: 'met' },
    failed: ['objectives'],
  },
  {
    name: 'an objective measured against an easier threshold, where all must be',
    run: { indicators: [{ ...indicator('gateway: bookings are quick', true), threshold: 500 }] },
    input: declares,
    gate: { objectives: 'met' },
    failed: ['objectives'],
  },
  {
    name: 'an objective measured by calls that is to be measured by probes, where all must be',
    run: {
      indicators: [{ ...indicator('gateway: bookings are quick', true), measuredBy: 'calls' }],
    },
    input: declares,
    gate: { objectives: 'met' },
    failed: ['objectives'],
  },
  {
    name: 'an objective measured as it is to be, where all must be',
    run: {
      indicators: [{ ...indicator('gateway: bookings are quick', true), measuredBy: 'probes' }],
    },
    input: declares,
    gate: { objectives: 'met' },
    failed: [],
  },
  {
    name: 'evidence that does not say how it measured an objective that asks for one way, where all must be',
    run: { indicators: [indicator('gateway: bookings are quick', true)] },
    input: (good) => {
      const { pack } = declares(good);
      const asking = { ...objective, measuredBy: 'probes' as const };
      const objectives = [{ service: 'gateway', objective: asking, measuredBy: 'probes' as const }];
      return { pack: { ...pack, objectives } };
    },
    gate: { objectives: 'met' },
    failed: ['objectives'],
  },
  {
    name: 'one objective held and another missed',
    run: { indicators: [indicator('a', true), indicator('b', false)] },
    failed: ['objectives'],
  },

  // The Capsule and the ledger
  {
    name: 'a Capsule from a dirty tree',
    input: ({ pack }) => ({ pack: { objectives: [], publicKey: '', ...pack, isDirty: true } }),
    failed: ['capsule-clean'],
  },
  {
    name: 'a Capsule that was never packed',
    input: () => ({ pack: undefined }),
    failed: ['capsule-signed'],
  },
  {
    name: 'a Capsule whose signature does not hold',
    input: ({ pack }) => ({
      pack: {
        objectives: [],
        publicKey: '',
        isDirty: false,
        ...pack,
        problem: 'The signature does not match.',
      },
    }),
    failed: ['capsule-signed'],
  },
  {
    name: 'a Capsule signed by a stranger',
    input: () => ({ pack: { publicKey: stranger.publicKey, isDirty: false, objectives: [] } }),
    failed: ['capsule-signed'],
  },
  {
    name: 'a decision of this Capsule that was altered',
    input: () => ({ unproven: [unproven(4, 'gate decision of production')] }),
    failed: ['records-intact'],
  },
  {
    name: 'a deploy record that is missing, of whichever environment',
    input: () => ({ unproven: [unproven(9, 'deploy to staging')] }),
    failed: ['records-intact'],
  },
  {
    name: 'records that were altered, all of them at once',
    input: () => ({ unproven: [unproven(2, 'rehearsal 3f9a21bc'), unproven(4, 'a deploy')] }),
    failed: ['records-intact'],
  },
  {
    name: 'an altered record and a weak rehearsal, and tells both',
    run: { nodes: 2 },
    input: () => ({ unproven: [unproven(4, 'gate decision of production')] }),
    failed: ['records-intact', 'enough-nodes'],
  },
  {
    name: 'evidence from before the newest pack whose events were altered',
    input: ({ evidence }) => ({ evidence: { ...evidence, problem: 'The events are others.' } }),
    failed: ['evidence-recorded'],
  },
  {
    name: 'a broken ledger, which proves no record, and tells that once',
    input: ({ ledger }) => ({
      ledger: { ...ledger, problem: 'Entry 3 was altered.' },
      unproven: [unproven(3, 'a deploy'), unproven(4, 'a deploy')],
    }),
    failed: ['ledger-intact'],
  },
  {
    name: 'a Capsule that was never packed here, whose records nobody can judge',
    input: () => ({ pack: undefined, unproven: [unproven(4, 'a deploy')] }),
    failed: ['capsule-signed'],
  },
  {
    name: 'a broken ledger',
    input: ({ ledger }) => ({ ledger: { ...ledger, problem: 'Entry 3 was altered.' } }),
    failed: ['ledger-intact'],
  },
  {
    name: 'a ledger that cannot be read at all',
    input: () => ({
      ledger: { problem: 'no checkpoint.' },
      pack: undefined,
      runs: [],
      evidence: undefined,
    }),
    failed: ['ledger-intact', 'capsule-signed', 'clock-sane', 'rehearsed'],
  },
  {
    name: 'everything at once, and tells it all',
    run: {
      nodes: 2,
      outcome: 'fail',
      environment: { degraded: true },
      plan: {
        chaos: {},
        params: { nodes: 2, packetLoss: 0 },
        drift: [{ node: 'n1', service: 'orders', commit: '9c0abe5' }],
      },
    },
    input: ({ pack, ledger }) => ({
      ledger: { ...ledger, problem: 'Entry 3 was altered.' },
      pack: { objectives: [], publicKey: '', ...pack, isDirty: true },
    }),
    now: ENDED_MS + 30 * DAY_MS,
    failed: [
      'ledger-intact',
      'capsule-clean',
      'outcome-pass',
      'fresh',
      'full-fidelity',
      'no-drift',
      'enough-nodes',
      'enough-loss',
      'chaos',
    ],
  },
];

describe('the gate of production', () => {
  for (const { name, failed, ...question } of CASES) {
    const verdict = failed.length === 0 ? 'allows' : 'refuses';
    it(`${verdict} ${name}`, () => {
      const decision = ask(question);
      const broken = decision.rules.filter(({ status }) => status === 'failed');
      assert.deepEqual(
        broken.map(({ rule }) => rule),
        failed,
        reasonsOf(decision).join('\n'),
      );
      assert.equal(decision.decision, failed.length === 0 ? 'allow' : 'deny');
      assert.ok(reasonsOf(decision).every((sentence) => /^[^\n]+\.$/.test(sentence)));
    });
  }

  it('names every record that does not verify, and how to get out of it', () => {
    const { rules } = ask({
      input: () => ({ unproven: [unproven(2, 'rehearsal 3f9a21bc'), unproven(4, 'a deploy')] }),
    });
    assert.equal(
      rules.find(({ rule }) => rule === 'records-intact')?.sentence,
      '2 records of this Capsule do not verify: rehearsal 3f9a21bc, ledger entry 2 (It was altered); a deploy, ledger entry 4 (It was altered). Restore what is stored, or pack again: what was recorded before the newest pack does not count.',
    );
  });

  it('never mistakes a rule it could not check for one that holds', () => {
    const { rules } = ask({ input: () => ({ runs: [], evidence: undefined }) });
    const about = rules.filter(({ rule }) => ['outcome-pass', 'fresh', 'chaos'].includes(rule));
    assert.deepEqual(new Set(about.map(({ status }) => status)), new Set(['skipped']));
  });
});

describe('breaking the glass', () => {
  const reason = 'the shop is down, 4711';
  const glass = (allowBreakGlass: boolean, more: Partial<Case> = {}) =>
    ask({
      run: { nodes: 2 },
      gate: { allowBreakGlass },
      ...more,
      input: (good) => ({ ...more.input?.(good), breakGlass: reason }),
    });

  it('allows, names every rule it overrides, and keeps the reason', () => {
    const decision = glass(true);
    assert.equal(decision.decision, 'allow');
    assert.deepEqual(decision.breakGlass, { reason, overridden: ['enough-nodes'] });
    assert.deepEqual(decision.rules.at(-1)?.rule, 'break-glass');
  });

  it('is refused where the policy does not let it', () => {
    const decision = glass(false);
    assert.equal(decision.decision, 'deny');
    assert.match(reasonsOf(decision).join(' '), /does not let anyone break the glass/);
    assert.equal(decision.breakGlass, undefined);
  });

  it('does not stand in for a sound Capsule', () => {
    const decision = glass(true, { input: () => ({ pack: undefined }) });
    assert.equal(decision.decision, 'deny');
    assert.match(reasonsOf(decision).join(' '), /not for a sound Capsule/);
  });

  it('does not stand in for a record that was altered', () => {
    const decision = glass(true, { input: () => ({ unproven: [unproven(4, 'a deploy')] }) });
    assert.deepEqual([decision.decision, decision.breakGlass], ['deny', undefined]);
    assert.match(reasonsOf(decision).join(' '), /ledger entry 4.*not for a sound Capsule/);
  });

  it('is not recorded where nothing had to be overridden', () => {
    const decision = glass(true, { run: {} });
    assert.deepEqual([decision.decision, decision.breakGlass], ['allow', undefined]);
  });
});

describe('environments without a gate', () => {
  const staging = environmentSchema.parse({ target: { kind: 'directory', path: 'there' } });

  it('ask for no rehearsal outside production, and for a sound Capsule always', () => {
    const good = gateInputOf(rehearsal());
    const bare = { ...good, runs: [], evidence: undefined };
    const policy = effectivePolicy(staging);
    assert.equal(policy, undefined);
    assert.equal(decide(bare, policy, ENDED_MS).decision, 'allow');
    assert.equal(decide({ ...bare, pack: undefined }, policy, ENDED_MS).decision, 'deny');
    const altered = { ...bare, unproven: [unproven(4, 'a deploy')] };
    assert.equal(decide(altered, policy, ENDED_MS).decision, 'deny');
  });

  it('get the strict policy in production', () => {
    const policy = effectivePolicy({ ...staging, production: true });
    assert.deepEqual(
      [policy?.maxAgeDays, policy?.minNodes, policy?.minPacketLoss, policy?.requireChaos],
      [7, 3, 1, true],
    );
    assert.deepEqual([policy?.trustedSigners, policy?.allowBreakGlass], [['own'], false]);
  });
});

describe('the statement of a decision', () => {
  it('lists as verified only the rules that hold, and that it is allowed only when it is', () => {
    const environment = environmentSchema.parse({ production: true, target: staged });
    const policy = effectivePolicy(environment);
    const statementOf = (decision: Decision) =>
      JSON.parse(Buffer.from(decisionStatement(decision, policy)).toString()) as {
        predicateType: string;
        predicate: { properties: string[]; verifier: { policies: unknown[] } };
        subject: unknown;
      };
    const allowed = statementOf(ask({}));
    assert.equal(allowed.predicateType, 'https://in-toto.io/attestation/svr/v0.2');
    assert.deepEqual(allowed.subject, [{ name: 'capsule.json', digest: { sha256: CAPSULE_HASH } }]);
    assert.ok(allowed.predicate.properties.includes('MESHSIM_GATE_ALLOWED_PRODUCTION'));
    assert.equal(allowed.predicate.verifier.policies.length, 1);
    const refused = statementOf(ask({ run: { nodes: 2 } }));
    assert.ok(!refused.predicate.properties.includes('MESHSIM_GATE_ALLOWED_PRODUCTION'));
    assert.ok(!refused.predicate.properties.includes('MESHSIM_GATE_ENOUGH_NODES'));
    assert.ok(refused.predicate.properties.includes('MESHSIM_GATE_FRESH'));
  });
});

const staged = { kind: 'directory', path: 'there' } as const;
