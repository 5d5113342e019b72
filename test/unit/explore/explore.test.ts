import assert from 'node:assert/strict';
import { Coverage, orderWords, turnWords } from '../../../src/explore/coverage.ts';
import { assertExplorable, drawnPlan, seedOf } from '../../../src/explore/drawPlan.ts';
import { explore, type ExploredRun } from '../../../src/explore/explore.ts';
import { outcomeOfRun } from '../../../src/explore/runOutcome.ts';
import { compilePlan } from '../../../src/mesh/compiledPlan.ts';
import type { Fault } from '../../../src/model/plan.ts';
import { largeUpgrade, plantedIn } from '../../support/plantedFailures.ts';
import { runUpgrade } from '../../support/upgradePlans.ts';
import { virtualPlan } from '../../support/virtualPlans.ts';

const RUNS = 60;
const runs = Array.from({ length: RUNS }, (_, run) => run);

describe('the runs of an exploration', () => {
  it('follow from the plan alone, each with a seed of its own', () => {
    const plan = largeUpgrade({ seed: 609 });
    const drawn = runs.map((run) => drawnPlan(plan, run));
    assert.deepEqual(
      drawn,
      runs.map((run) => drawnPlan(plan, run)),
    );
    assert.deepEqual(
      drawn.slice(0, 3).map(({ seed }) => seed),
      [609, 610, 611],
    );
    assert.equal(seedOf(4_294_967_295, 1), 0);
  });

  it('have some of the faults each, one at least, and what any of them waits for', () => {
    const plan = largeUpgrade();
    const sets = new Set<string>();
    for (const run of runs) {
      const drawn = drawnPlan(plan, run);
      compilePlan(drawn);
      const { faults } = drawn.chaos;
      assert.ok(faults.length > 0);
      sets.add(faults.map(({ do: effect }) => Object.keys(effect)[0]).join(' '));
    }
    assert.deepEqual([...sets].sort(), [
      ...['partition', 'slow', 'slow kill', 'slow kill partition', 'slow partition'],
    ]);
  });

  it('leave out faults that the upgrade of their seed never comes to', () => {
    const faults: Fault[] = [
      { when: { upgrade: 'rolled-back' }, do: { slow: 'n1', factor: 2 } },
      { when: { afterFault: 0, delayMs: 10 }, do: { slow: 'n2', factor: 2 } },
    ];
    const plan = largeUpgrade({ chaos: { faults } });
    assertExplorable(plan, RUNS);
    const counts = new Set(runs.map((run) => drawnPlan(plan, run).chaos.faults.length));
    assert.deepEqual([...counts].sort(), [0, 1, 2]);
  });

  it('keep the preset of a plan whose faults all come about', () => {
    const plan = virtualPlan({ chaos: { preset: 'crash-mid-deploy' } });
    for (const run of runs) assert.deepEqual(drawnPlan(plan, run).chaos, plan.chaos);
  });

  it('are refused where none could pass, and where a fault could never fire', () => {
    const drift = [{ node: 'n2', service: 'orders', commit: 'abcdef12' }];
    assert.throws(() => assertExplorable(largeUpgrade({ drift }), 1), {
      code: 'plan-invalid',
      message: /offers n2 another commit \("drift"\)/,
    });
    const faults: Fault[] = [{ when: { wave: 99 }, do: { slow: 'n1', factor: 2 } }];
    assert.throws(() => assertExplorable(largeUpgrade({ chaos: { faults } }), RUNS), {
      code: 'plan-invalid',
      message: /^chaos fault 0 waits for what no upgrade of these 60 runs comes to/,
    });
    assert.throws(() => assertExplorable(largeUpgrade({ deadlineMs: 1000 }), RUNS), {
      code: 'plan-invalid',
      message: /rests for/,
    });
  });
});

describe('exploring', () => {
  it('stops at the first run that fails', async () => {
    const { runPlan, ran } = plantedIn((_, before) => (before === 2 ? 'checks-held' : undefined));
    const told: ExploredRun[] = [];
    const options = { plan: largeUpgrade(), runs: 9, mayGoOn: () => true };
    const onRun = (run: ExploredRun) => {
      told.push(run);
      return Promise.resolve();
    };
    const failed = await explore({ ...options, runPlan, onRun });
    assert.deepEqual([failed?.run, failed?.failure.invariant], [2, 'checks-held']);
    assert.deepEqual(
      told.map(({ run }) => run),
      [0, 1, 2],
    );
    assert.deepEqual(
      ran,
      told.map(({ plan }) => plan),
    );
  });

  it('covers orders and rollback points, and passes where nothing is wrong', async () => {
    const coverage = new Coverage();
    const failed = await explore({
      ...{ plan: largeUpgrade(), runs: 30, mayGoOn: () => true },
      runPlan: plantedIn(() => undefined).runPlan,
      onRun: ({ outcome }) => {
        coverage.add(outcome);
        return Promise.resolve();
      },
    });
    assert.equal(failed, undefined);
    assert.equal(coverage.rollbackPoints, 6);
    assert.equal(coverage.orders, 30);
  });

  it('begins no run when the time is up, but the first', async () => {
    const { runPlan, ran } = plantedIn(() => undefined);
    const options = { plan: largeUpgrade(), runs: 5, runPlan, onRun: () => Promise.resolve() };
    await explore({ ...options, mayGoOn: () => false });
    assert.equal(ran.length, 1);
  });

  it('covers nothing of a plan without an upgrade', async () => {
    const coverage = new Coverage();
    const { runPlan } = plantedIn(() => undefined);
    const plan = virtualPlan({ params: { nodes: 3 } });
    const onRun = ({ outcome }: ExploredRun) => {
      coverage.add(outcome);
      return Promise.resolve();
    };
    await explore({ plan, runs: 2, runPlan, mayGoOn: () => true, onRun });
    assert.deepEqual([coverage.orders, coverage.rollbackPoints], [0, 0]);
  });
});

describe('what a run failed by', () => {
  it('is the most telling of its invariants, with all that it violated', async () => {
    const faults: Fault[] = [{ when: { wave: 4 }, do: { kill: 'n1' } }];
    const plan = largeUpgrade({ chaos: { faults } });
    const failureWith = async (rollback: 'after-half' | 'after-all') => {
      const upgrade = { ...plan.upgrade!, rollback };
      return outcomeOfRun((await runUpgrade({ ...plan, upgrade })).observation).failure;
    };
    const there = await failureWith('after-all');
    assert.equal(there?.invariant, 'upgraded-runs-signed-content');
    assert.match(there.sentence, /it waited for n1/);
    const back = await failureWith('after-half');
    assert.equal(back?.invariant, 'way-back');
    assert.ok(back.violated.includes('upgraded-runs-signed-content'));
  });

  it('is told from a chaos schedule that was not exercised', async () => {
    const faults: Fault[] = [{ when: { atMs: 50_000 }, do: { slow: 'n1', factor: 2 } }];
    const plan = virtualPlan({ deadlineMs: 10_000, chaos: { faults } });
    const { observation } = await runUpgrade(plan);
    const { failure } = outcomeOfRun(observation);
    assert.deepEqual([failure?.invariant, failure?.isUnexercised], ['converged', true]);
  });

  it('reads as the waves that nodes went through', () => {
    const waves = [
      { to: 'new', nodes: ['n2'] },
      { to: 'new', nodes: ['n0', 'n1'] },
      { to: 'old', nodes: ['n2'] },
      { to: 'new', nodes: ['n2'] },
    ] as const;
    assert.equal(orderWords(waves), 'n2 n0+n1 ← n2 → n2');
    assert.equal(turnWords(waves), 'back after wave 2');
    assert.equal(turnWords(waves.slice(0, 2)), 'no way back');
  });
});
