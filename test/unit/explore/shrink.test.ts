import assert from 'node:assert/strict';
import { shrink, type ShrinkOptions, type ShrinkStep } from '../../../src/explore/shrink.ts';
import type { Plan } from '../../../src/model/plan.ts';
import { failureOf, largeUpgrade, plantedIn, type Planted } from '../../support/plantedFailures.ts';
import { OLD_HASH } from '../../support/upgradePlans.ts';

async function shrunk(
  plan: Plan,
  { runPlan, ran }: Planted,
  invariant: string,
  more: Partial<ShrinkOptions> = {},
) {
  const steps: ShrinkStep[] = [];
  const result = await shrink({
    ...{ plan, runPlan, runs: 500, mayGoOn: () => true },
    failure: failureOf(invariant),
    onStep: (step) => {
      steps.push(step);
      return Promise.resolve();
    },
    ...more,
  });
  assert.equal(result.runs, steps.length);
  assert.equal(result.runs, ran.length);
  return { ...result, steps };
}

const small = {
  params: { nodes: 2, latencyMs: [0, 0], packetLoss: 0, verifySignatures: true },
  chaos: { preset: 'none', faults: [] },
};

describe('shrinking a plan that fails', () => {
  it('leaves nothing where the failure needs nothing', async () => {
    const planted = plantedIn(() => 'checks-held');
    const plan = largeUpgrade();
    const { end, plan: smallest } = await shrunk(plan, planted, 'checks-held');
    assert.equal(end, 'smallest');
    assert.deepEqual(smallest, {
      ...plan,
      ...small,
      upgrade: {
        ...{ from: OLD_HASH, order: 'listed', rollback: 'never', workloadMs: 100 },
        strategy: { kind: 'all-at-once' },
      },
    });
  });

  it('keeps a way back, and the first that does, where the failure is on it', async () => {
    const planted = plantedIn(({ upgrade }) =>
      upgrade?.waves.some(({ to }) => to === 'old') === true ? 'way-back' : undefined,
    );
    const plan = largeUpgrade({ seed: 3 });
    const { plan: smallest } = await shrunk(plan, planted, 'way-back');
    assert.equal(smallest.upgrade?.rollback, 'after-half');
    assert.deepEqual(smallest.upgrade.strategy, { kind: 'all-at-once' });
    assert.deepEqual({ params: smallest.params, chaos: smallest.chaos }, small);
  });

  it('keeps as many nodes, waves, ms and percent as the failure takes', async () => {
    const planted = plantedIn(({ plan, upgrade }) => {
      const { latencyMs, packetLoss } = plan.params;
      const isMixed = (upgrade?.waves.length ?? 0) >= 3;
      return isMixed && latencyMs[1] >= 10 && packetLoss >= 2 ? 'checks-held' : undefined;
    });
    const { plan: smallest } = await shrunk(largeUpgrade(), planted, 'checks-held');
    const { params, upgrade } = smallest;
    assert.deepEqual(params, { ...small.params, nodes: 3, latencyMs: [5, 15], packetLoss: 2 });
    assert.deepEqual(upgrade?.strategy, { kind: 'rolling', batch: 1, pauseMs: 50 });
    assert.equal(upgrade.rollback, 'never');
  });

  it('keeps a fault with the one that it waits for, and gives its nodes lower numbers', async () => {
    const planted = plantedIn(({ plan }) =>
      plan.chaos.faults.some(({ do: effect }) => 'kill' in effect) ? 'no-state-lost' : undefined,
    );
    const { plan: smallest, steps } = await shrunk(largeUpgrade(), planted, 'no-state-lost');
    assert.deepEqual(smallest.chaos.faults, [
      { when: { wave: 1 }, do: { slow: 'n1', factor: 2 } },
      { when: { afterFault: 0, delayMs: 50 }, do: { kill: 'n2', restartAfterMs: 100 } },
    ]);
    assert.equal(smallest.params.nodes, 3);
    assert.ok(
      steps.some(({ what, isSame }) => what === 'without partition n0 n1 n2 n3 n4' && isSame),
    );
  });

  it('finds the node of a real failure of the protocol: one that stays down', async () => {
    const planted = plantedIn(() => undefined);
    const plan = largeUpgrade({
      chaos: {
        faults: [
          { when: { atMs: 200 }, do: { slow: 'n1', factor: 2 } },
          { when: { wave: 2 }, do: { kill: 'n3' } },
        ],
      },
    });
    const name = 'upgraded-runs-signed-content';
    const { plan: smallest, steps } = await shrunk(plan, planted, name);
    assert.deepEqual(smallest.chaos.faults, [{ when: { wave: 2 }, do: { kill: 'n1' } }]);
    assert.deepEqual(smallest.params, small.params);
    assert.deepEqual(smallest.upgrade?.strategy, { kind: 'rolling', batch: 1, pauseMs: 50 });
    for (const { isSame, outcome } of steps) {
      assert.equal(isSame, outcome.failure?.violated.includes(name) === true);
    }
  });

  it('never takes a plan that fails by another invariant', async () => {
    const planted = plantedIn(({ plan }) =>
      plan.params.latencyMs[1] < 30 ? 'no-state-lost' : 'checks-held',
    );
    const { plan: smallest, steps } = await shrunk(largeUpgrade(), planted, 'checks-held');
    assert.deepEqual(smallest.params, { ...small.params, latencyMs: [10, 30] });
    assert.ok(steps.some(({ outcome }) => outcome.failure?.invariant === 'no-state-lost'));
  });

  it('says of a failure that does not come again that it was not reproduced, and leaves the plan alone', async () => {
    const planted = plantedIn(() => undefined);
    const plan = largeUpgrade();
    const { end, plan: left, runs } = await shrunk(plan, planted, 'checks-held');
    assert.deepEqual([end, left, runs], ['not-reproduced', plan, 1]);
  });

  it('goes back to a plan that fails again where the smallest did so by chance', async () => {
    /** Without faults it fails the first time only; with any, always. */
    const seen = new Set<string>();
    const planted = plantedIn(({ plan }) => {
      if (plan.chaos.faults.length > 0) return 'checks-held';
      const key = JSON.stringify(plan);
      if (seen.has(key)) return undefined;
      seen.add(key);
      return 'checks-held';
    });
    const plan = largeUpgrade();
    const { plan: smallest, steps } = await shrunk(plan, planted, 'checks-held');
    assert.deepEqual(smallest, plan);
    assert.ok(steps.some(({ what, isSame }) => what === 'the smallest, again' && !isSame));
  });

  it('says where it ran out of runs, and keeps the last for a second look', async () => {
    const planted = plantedIn(() => 'checks-held');
    const options = { runs: 4 };
    const { end, plan, steps } = await shrunk(largeUpgrade(), planted, 'checks-held', options);
    assert.equal(end, 'out-of-runs');
    assert.deepEqual(
      steps.map(({ what }) => what),
      [
        'again, as it was',
        'without slow n2, kill n4, partition n0 n1 n2 n3 n4',
        'rollback never',
        'the smallest, again',
      ],
    );
    assert.deepEqual(plan, steps.at(-1)?.plan);
  });

  it('says where there was no run, or no time, to repeat it', async () => {
    const planted = plantedIn(() => 'checks-held');
    const plan = largeUpgrade();
    const noRun = await shrunk(plan, planted, 'checks-held', { runs: 0 });
    assert.deepEqual([noRun.end, noRun.plan], ['not-repeated', plan]);
    const noTime = await shrunk(plan, planted, 'checks-held', { mayGoOn: () => false });
    assert.deepEqual([noTime.end, noTime.runs], ['not-repeated', 0]);
  });

  it('ends with its runs where none of them can be carried out', async () => {
    const { runPlan } = plantedIn(() => 'checks-held');
    const broken = new Error('no disk');
    let count = 0;
    const failing: ShrinkOptions['runPlan'] = (plan) => {
      if (count++ > 0) throw broken;
      return runPlan(plan);
    };
    const plan = largeUpgrade();
    const options = { ...{ plan, runPlan: failing, runs: 9 }, failure: failureOf('checks-held') };
    const shrinking = shrink({ ...options, mayGoOn: () => true, onStep: () => Promise.resolve() });
    await assert.rejects(shrinking, broken);
  });
});
