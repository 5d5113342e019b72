import assert from 'node:assert/strict';
import { decide } from '../../../src/deploy/gate.ts';
import { effectivePolicy } from '../../../src/deploy/gatePolicy.ts';
import { decisionStatement } from '../../../src/deploy/statements.ts';
import { reasonsOf, type Decision } from '../../../src/model/deploy.ts';
import { environmentSchema } from '../../../src/model/environments.ts';
import { DAY_MS, ask, stranger, testCases, unproven, type Case } from '../../support/gateCases.ts';
import { ENDED_MS, gateInputOf, rehearsal } from '../../support/gateWorld.ts';
import { CAPSULE_HASH } from '../../support/sealedRun.ts';

const CASES: readonly Case[] = [
  // The Capsule and the ledger
  {
    name: 'a Capsule from a dirty tree',
    input: ({ pack }) => ({
      pack: { objectives: [], publicKey: '', at: '', isVouchedFor: true, ...pack, isDirty: true },
    }),
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
        at: '',
        isVouchedFor: true,
        isDirty: false,
        ...pack,
        problem: 'The signature does not match.',
      },
    }),
    failed: ['capsule-signed'],
  },
  {
    name: 'a Capsule signed by a stranger',
    input: () => ({
      pack: {
        publicKey: stranger.publicKey,
        at: '2026-01-05T10:00:00.000Z',
        isVouchedFor: false,
        isDirty: false,
        objectives: [],
      },
    }),
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
      pack: { objectives: [], publicKey: '', at: '', isVouchedFor: true, ...pack, isDirty: true },
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
  testCases(CASES);

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
      decisionStatement(decision, policy, 'mesh-sim/ledger/of/a-test');
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
