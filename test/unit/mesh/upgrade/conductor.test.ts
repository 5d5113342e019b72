import assert from 'node:assert/strict';
import type { UpgradePlan } from '../../../../src/model/upgradePlan.ts';
import { ConductorBench as Bench } from '../../../support/conductorBench.ts';

describe('the conductor of an upgrade', () => {
  it('waits until all serve the old Capsule and hold the new one', () => {
    const bench = new Bench();
    bench.conductor.onServing(0, 'old');
    bench.conductor.onStaged(1);
    assert.deepEqual(bench.done(), []);
    assert.deepEqual(bench.serve(1, 'old'), ['window before', 'timer 5000']);
    assert.deepEqual(bench.ring(), []);
    assert.deepEqual(bench.conductor.waitsFor(), [0]);
    bench.conductor.onStaged(0);
    assert.deepEqual(bench.done(), ['window mixed', 'wave 1 to new: 0', 'move 0 new']);
  });

  it('moves wave after wave, each when the one before serves and has had its pause', () => {
    const bench = new Bench();
    bench.begin();
    assert.deepEqual(bench.serve(0, 'new'), ['wave 1 ok', 'timer 2000']);
    assert.deepEqual(bench.ring(), ['wave 2 to new: 1', 'move 1 new']);
    assert.deepEqual(bench.serve(1, 'new'), ['wave 2 ok, the last', 'window after', 'timer 5000']);
    assert.deepEqual(bench.ring(), ['ended completed']);
  });

  it('goes back after half, serves, and goes all the way', () => {
    const bench = new Bench({ rollback: 'after-half' });
    bench.begin();
    assert.deepEqual(bench.serve(0, 'new'), ['wave 1 ok', 'timer 5000']);
    assert.deepEqual(bench.ring(), [
      'back: The plan goes back after 1 of 2 waves.',
      'wave 2 to old: 0',
      'move 0 old',
    ]);
    assert.deepEqual(bench.serve(0, 'old'), ['wave 2 ok', 'window rolled-back', 'timer 5000']);
    assert.deepEqual(bench.ring(), ['window mixed', 'wave 3 to new: 0', 'move 0 new']);
  });

  it('stops where a wave fails, and leaves the rest alone', () => {
    const bench = new Bench();
    bench.begin();
    bench.conductor.onWaveFailed(0, 'n0 failed.');
    assert.deepEqual(bench.done(), ['wave 1 failed, the last', 'ended stopped']);
    assert.deepEqual(bench.ring(), []);
  });

  it('takes all back at once when a wave fails and the plan says so, the failed node too', () => {
    const bench = new Bench({ rollback: 'on-failure' });
    bench.begin();
    bench.serve(0, 'new');
    bench.ring();
    bench.conductor.onWaveFailed(1, 'n1 failed.');
    assert.deepEqual(bench.done(), [
      'wave 2 failed',
      'back: n1 failed.',
      'wave 3 to old: 0',
      'move 0 old',
    ]);
    assert.deepEqual(bench.serve(0, 'old'), ['wave 3 ok', 'timer 2000']);
    assert.deepEqual(bench.ring(), ['wave 4 to old: 1', 'move 1 old']);
    assert.deepEqual(bench.serve(1, 'old'), [
      'wave 4 ok, the last',
      'window rolled-back',
      'timer 5000',
    ]);
    assert.deepEqual(bench.ring(), ['ended rolled-back']);
  });

  it('ends a wave that fails only when all of its nodes have settled', () => {
    const bench = new Bench({ strategy: { kind: 'all-at-once' } });
    bench.begin();
    bench.conductor.onWaveFailed(0, 'n0 failed.');
    assert.deepEqual(bench.done(), []);
    assert.deepEqual(bench.serve(1, 'new'), ['wave 1 failed, the last', 'ended stopped']);
  });

  it('moves a node again that went down in its wave and came back on the old Capsule', () => {
    const bench = new Bench();
    bench.begin();
    bench.conductor.onDown(0);
    bench.conductor.onRestarted(0, 'old');
    assert.deepEqual(bench.serve(0, 'old'), []);
    bench.conductor.onStaged(0);
    assert.deepEqual(bench.done(), ['move 0 new']);
    assert.deepEqual(bench.serve(0, 'new'), ['wave 1 ok', 'timer 2000']);
  });

  it('begins no wave while a node is down', () => {
    const bench = new Bench();
    bench.begin();
    bench.serve(0, 'new');
    bench.conductor.onDown(0);
    assert.deepEqual(bench.ring(), []);
    bench.conductor.onRestarted(0, 'new');
    bench.serve(0, 'new');
    bench.conductor.onStaged(0);
    assert.deepEqual(bench.done(), ['wave 2 to new: 1', 'move 1 new']);
  });

  it('stops when a node comes back on another Capsule than the one it had been moved to', () => {
    const bench = new Bench();
    bench.begin();
    bench.serve(0, 'new');
    bench.conductor.onDown(0);
    bench.conductor.onRestarted(0, 'old');
    assert.deepEqual(bench.done(), ['ended stopped']);
  });

  it('leaves out a node that was offered other content, and says that not all was upgraded', () => {
    const bench = new Bench({}, 2);
    bench.conductor.onServing(0, 'old');
    bench.conductor.onServing(1, 'old');
    bench.conductor.onStaged(0);
    bench.conductor.onHalted(1);
    bench.conductor.onHalted(1);
    assert.deepEqual(bench.done(), ['window before', 'timer 5000', 'halted 1']);
    assert.deepEqual(bench.ring(), ['window mixed', 'wave 1 to new: 0', 'move 0 new']);
    assert.deepEqual(bench.serve(0, 'new'), ['wave 1 ok, the last', 'timer 5000']);
    assert.deepEqual(bench.ring(), ['ended incomplete']);
  });

  it('ends without a wave where every node was offered other content', () => {
    const bench = new Bench();
    for (const node of [0, 1]) {
      bench.conductor.onServing(node, 'old');
      bench.conductor.onHalted(node);
    }
    bench.done();
    assert.deepEqual(bench.ring(), ['ended incomplete']);
  });
});

describe('the conductor of an upgrade with checks', () => {
  function begun(upgrade: Partial<UpgradePlan> = {}): Bench {
    const bench = new Bench(upgrade, 2, true);
    bench.begin();
    return bench;
  }

  it('checks before the first wave, and each wave when all nodes serve: only then the wave is over', () => {
    const bench = new Bench({}, 2, true);
    for (const node of [0, 1]) bench.conductor.onServing(node, 'old');
    assert.deepEqual(bench.done(), ['window before', 'timer 5000']);
    assert.deepEqual(bench.ring(), []);
    for (const node of [0, 1]) bench.conductor.onStaged(node);
    assert.deepEqual(bench.done(), ['check before 0']);
    assert.deepEqual(bench.checked(), ['window mixed', 'wave 1 to new: 0', 'move 0 new']);
    bench.conductor.onDown(1);
    assert.deepEqual(bench.serve(0, 'new'), []);
    assert.deepEqual(bench.serve(1, 'old'), ['check mixed 1']);
    assert.deepEqual(bench.conductor.waitCount, 0);
    bench.conductor.onStaged(1);
    assert.deepEqual(bench.checked(), ['wave 1 ok', 'timer 2000']);
    assert.deepEqual(bench.ring(), ['wave 2 to new: 1', 'move 1 new']);
    assert.deepEqual(bench.serve(1, 'new'), ['check after 2']);
    assert.deepEqual(bench.checked(), ['wave 2 ok, the last', 'window after', 'timer 5000']);
    assert.deepEqual(bench.ring(), ['ended completed']);
  });

  it('fails the wave whose check fails, and goes back where the plan does', () => {
    const bench = begun({ rollback: 'on-failure' });
    bench.checked();
    assert.deepEqual(bench.serve(0, 'new'), ['check mixed 1']);
    assert.deepEqual(bench.checked('It is gone.'), [
      'wave 1 failed',
      'back: It is gone.',
      'wave 2 to old: 0',
      'move 0 old',
    ]);
    assert.deepEqual(bench.serve(0, 'old'), ['check rolled-back 2']);
    assert.deepEqual(bench.checked(), ['wave 2 ok, the last', 'window rolled-back', 'timer 5000']);
    assert.deepEqual(bench.ring(), ['ended rolled-back']);
  });

  it('begins no wave when a check before it fails', () => {
    const bench = begun();
    assert.deepEqual(bench.checked('It is gone.'), ['ended stopped']);
    assert.deepEqual(bench.checked(), []);
  });
});
