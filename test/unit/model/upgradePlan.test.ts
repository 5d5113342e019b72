import assert from 'node:assert/strict';
import { planSchema, type PlanInput } from '../../../src/model/plan.ts';
import { startRequestOf } from '../../../src/model/startRequest.ts';

const NEW = '5'.repeat(64);
const OLD = '4'.repeat(64);

function parse(upgrade: object, more: Partial<PlanInput> = {}) {
  const plan = { capsuleHash: NEW, world: 'virtual', upgrade: { from: OLD, ...upgrade }, ...more };
  return planSchema.safeParse(plan);
}

function problemsOf(upgrade: object, more: Partial<PlanInput> = {}): string[] {
  const { error } = parse(upgrade, more);
  return (error?.issues ?? []).map(({ path, message }) => `${path.join('.')}: ${message}`);
}

const waitingFor = (when: object) => ({
  faults: [{ when, do: { slow: 'n1', factor: 2 } }] as NonNullable<PlanInput['chaos']>['faults'],
});

describe('the upgrade of a plan', () => {
  it('is rolling, seeded and rolled back after half unless it says otherwise', () => {
    assert.deepEqual(parse({}).data?.upgrade, {
      from: OLD,
      strategy: { kind: 'rolling', batch: 1, pauseMs: 2000 },
      order: 'seeded',
      rollback: 'after-half',
      workloadMs: 5000,
    });
    const { data } = parse({ strategy: { kind: 'canary' } });
    assert.deepEqual(data?.upgrade?.strategy, { kind: 'canary', nodes: 1, bakeMs: 5000 });
  });

  it('leaves no trace in a plan without it', () => {
    const plan = planSchema.parse({ capsuleHash: NEW });
    assert.ok(!('upgrade' in plan) && !('upgrade' in startRequestOf(plan)));
  });

  it('is part of the request that starts its plan', () => {
    const { data } = parse({});
    assert.ok(data);
    assert.deepEqual(startRequestOf(data).upgrade, data.upgrade);
  });

  const rolling = (batch: unknown) => ({ strategy: { kind: 'rolling', batch } });
  const bad: readonly [string, object, string][] = [
    [
      'a "from" that is no digest',
      { from: '8c0c' },
      'upgrade.from: must be a SHA-256 digest: 64 lower-case hex digits',
    ],
    [
      'the Capsule that is rolled out',
      { from: NEW },
      'upgrade.from: is the Capsule that is rolled out: name the one that runs before it',
    ],
    [
      'an unknown strategy',
      { strategy: { kind: 'yolo' } },
      'upgrade.strategy.kind: must be {"kind": "rolling"}, {"kind": "canary"}, {"kind": "blue-green"} or {"kind": "all-at-once"}',
    ],
    [
      'a wave of no node',
      rolling(0),
      'upgrade.strategy.batch: must be a whole number of nodes from 1 on: so many are upgraded at a time',
    ],
    [
      'half a node',
      rolling(1.5),
      'upgrade.strategy.batch: must be a whole number of nodes from 1 on: so many are upgraded at a time',
    ],
    [
      'a wave larger than the mesh',
      rolling(6),
      'upgrade.strategy.batch: a wave of 6 nodes is larger than the mesh of 5: take 5 at most',
    ],
    [
      'canaries only',
      { strategy: { kind: 'canary', nodes: 5 } },
      'upgrade.strategy.nodes: 5 canaries leave no node of 5 that follows: take 4 at most, or another strategy',
    ],
    [
      'a negative pause',
      { strategy: { kind: 'rolling', pauseMs: -1 } },
      'upgrade.strategy.pauseMs: must be whole milliseconds from 0 to 600000',
    ],
    [
      'a workload beyond ten minutes',
      { workloadMs: 600_001 },
      'upgrade.workloadMs: must be whole milliseconds from 0 to 600000',
    ],
    [
      'a field of another strategy',
      { strategy: { kind: 'all-at-once', batch: 2 } },
      'upgrade.strategy: Unrecognized key: "batch"',
    ],
    [
      'an unknown order',
      { order: 'random' },
      'upgrade.order: Invalid option: expected one of "seeded"|"listed"|"n0-last"',
    ],
  ];
  for (const [what, upgrade, sentence] of bad) {
    it(`refuses ${what} in one sentence`, () => {
      assert.deepEqual(problemsOf(upgrade), [sentence]);
    });
  }

  it('lets faults wait for its waves and moments', () => {
    for (const when of [
      { wave: 1 },
      { upgrade: 'mixed' },
      { upgrade: 'done' },
      { migrates: 'n1', since: 'changed', delayMs: 20 },
    ]) {
      assert.deepEqual(problemsOf({}, { chaos: waitingFor(when) }), []);
    }
  });

  it('has names switch for faults that wait for it, where they do at once', () => {
    const chaos = waitingFor({ wave: 1, since: 'switched' });
    assert.deepEqual(problemsOf({ strategy: { kind: 'blue-green' } }, { chaos }), []);
    assert.deepEqual(problemsOf({}, { chaos }), [
      'chaos.faults.0.when.since: the fault waits until names switch, which they do at once with "blue-green" alone: leave "since" out, or take that strategy',
    ]);
  });

  it('is what faults that wait for it need', () => {
    const chaos = waitingFor({ wave: 1 });
    const { error } = planSchema.safeParse({ capsuleHash: NEW, chaos });
    assert.deepEqual(
      error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`),
      [
        'chaos.faults.0.when.wave: the fault waits for a wave of an upgrade, but the plan has no "upgrade": add one, or use another trigger',
      ],
    );
  });
});
