import assert from 'node:assert/strict';
import type { UpgradePlan } from '../../../../src/model/upgradePlan.ts';
import { ConductorBench as Bench } from '../../../support/conductorBench.ts';

describe('the conductor of an upgrade whose services start beside those that serve', () => {
  const begun = (upgrade: Partial<UpgradePlan> = {}, nodes = 2, hasChecks = false): Bench => {
    const bench = new Bench({ strategy: { kind: 'blue-green' }, ...upgrade }, nodes, hasChecks);
    bench.begin(nodes);
    return bench;
  };
  const beside = (bench: Bench, node: number): string[] => {
    bench.conductor.onBeside(node);
    return bench.done();
  };
  const fail = (bench: Bench, node: number): string[] => {
    bench.conductor.onBesideFailed(node, `n${node} failed.`);
    return bench.done();
  };

  it('switches all names at once when all are healthy, and ends the wave when all serve what has come', () => {
    const bench = begun();
    assert.deepEqual(beside(bench, 1), []);
    assert.deepEqual(bench.conductor.waitsFor(), [0]);
    assert.deepEqual(beside(bench, 0), ['wave 1 switched', 'take over 0 1']);
    assert.deepEqual(bench.serve(1, 'new'), []);
    assert.deepEqual(bench.serve(0, 'new'), ['wave 1 ok, the last', 'window after', 'timer 5000']);
    assert.deepEqual(bench.ring(), ['ended completed']);
  });

  it('goes back and there again in waves of all nodes', () => {
    const bench = begun({ rollback: 'after-half' });
    for (const node of [0, 1]) beside(bench, node);
    for (const node of [0, 1]) bench.serve(node, 'new');
    assert.deepEqual(bench.ring().slice(1), [
      'window mixed',
      'wave 2 to old: 0 1',
      'move 0 old',
      'move 1 old',
    ]);
    beside(bench, 0);
    assert.deepEqual(beside(bench, 1), ['wave 2 switched', 'take over 0 1']);
  });

  for (const rollback of ['never', 'on-failure'] as const) {
    it(`gives names to nobody when one fails, waits until all have given up, and stops: nothing is to go back (${rollback})`, () => {
      const bench = begun({ rollback });
      assert.deepEqual(fail(bench, 0), []);
      assert.deepEqual(beside(bench, 1), ['give up 0 1']);
      assert.equal(bench.conductor.targetOf(0), 'old');
      bench.serve(0, 'old');
      assert.deepEqual(bench.serve(1, 'old'), ['wave 1 failed, the last', 'ended stopped']);
    });
  }

  it('says that no name had switched where every node serves on, and not where one does not', () => {
    const details = (isBroken: boolean): string => {
      const bench = begun();
      fail(bench, 0);
      beside(bench, 1);
      bench.serve(1, 'old');
      if (isBroken) bench.conductor.onWaveFailed(0, 'n0 broke.');
      else bench.conductor.onServing(0, 'old');
      return bench.details;
    };
    assert.equal(
      details(false),
      'n0 failed. No name had switched: every node still serves the old Capsule.',
    );
    assert.equal(details(true), 'n0 failed.');
  });

  it('moves a node again that went down, and waits for it, before the names switch and after', () => {
    const bench = begun();
    beside(bench, 0);
    bench.conductor.onDown(0);
    assert.deepEqual(beside(bench, 1), []);
    bench.conductor.onStaged(0);
    assert.deepEqual(bench.serve(0, 'old'), ['move 0 new']);
    assert.deepEqual(beside(bench, 0), ['wave 1 switched', 'take over 0 1']);
    bench.conductor.onDown(0);
    bench.conductor.onRestarted(0, 'old');
    bench.conductor.onStaged(0);
    assert.deepEqual(bench.serve(0, 'old'), ['move 0 new']);
    assert.deepEqual(beside(bench, 0), ['take over 0']);
    bench.serve(0, 'new');
    assert.deepEqual(bench.serve(1, 'new'), ['wave 1 ok, the last', 'window after', 'timer 5000']);
  });

  it('fails a wave whose services break as the names switch, and leaves that node on what it serves', () => {
    const bench = begun();
    for (const node of [0, 1]) beside(bench, node);
    assert.deepEqual(fail(bench, 0), ['give up 0']);
    bench.serve(1, 'new');
    assert.deepEqual(bench.serve(0, 'old'), ['wave 1 failed, the last', 'ended stopped']);
  });

  it('goes back from a wave that failed after its names had switched, where its plan says so', () => {
    const bench = new Bench({ strategy: { kind: 'blue-green' }, rollback: 'on-failure' }, 2, true);
    bench.begin();
    bench.checked();
    for (const node of [0, 1]) beside(bench, node);
    bench.serve(0, 'new');
    assert.deepEqual(bench.serve(1, 'new'), ['check after 1']);
    assert.deepEqual(bench.checked('It is gone.'), [
      'wave 1 failed',
      'back: It is gone.',
      'wave 2 to old: 0 1',
      'move 0 old',
      'move 1 old',
    ]);
  });
});
