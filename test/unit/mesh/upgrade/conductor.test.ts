import assert from 'node:assert/strict';
import { UpgradeConductor } from '../../../../src/mesh/upgrade/conductor.ts';
import type { UpgradeEvent } from '../../../../src/mesh/upgrade/upgradeIo.ts';
import { upgradePlanSchema, type UpgradePlan } from '../../../../src/model/upgradePlan.ts';
import type { CapsuleVersion } from '../../../../src/model/upgradeReport.ts';

const FROM = 'a'.repeat(64);

function wordsOf(event: UpgradeEvent): string {
  switch (event.kind) {
    case 'wave-begun':
      return `wave ${event.wave} to ${event.to}: ${event.nodes.join(' ')}`;
    case 'wave-switched':
      return `wave ${event.wave} switched`;
    case 'wave-ended':
      return `wave ${event.wave} ${event.outcome}${event.isLast ? ', the last' : ''}`;
    case 'window':
      return `window ${event.window}`;
    case 'halted':
      return `halted ${event.node}`;
    case 'rollback':
      return `back: ${event.reason}`;
    case 'ended':
      return `ended ${event.outcome}`;
  }
}

/** Two nodes that are upgraded one after the other, and a diary of what was done. */
class Bench {
  readonly conductor: UpgradeConductor;
  /** What the upgrade came to. */
  details = '';
  #diary: string[] = [];

  constructor(upgrade: Partial<UpgradePlan> = {}, nodes = 2, hasChecks = false) {
    const plan = { from: FROM, order: 'listed', rollback: 'never', ...upgrade };
    const options = { upgrade: upgradePlanSchema.parse(plan), nodes, seed: 1 };
    this.conductor = new UpgradeConductor(options, {
      timer: (afterMs) => this.#diary.push(`timer ${afterMs}`),
      ...(hasChecks && {
        check: (window: string, wave: number) => this.#diary.push(`check ${window} ${wave}`),
      }),
      move: (node, to) => this.#diary.push(`move ${node} ${to}`),
      takeOver: (nodes) => this.#diary.push(`take over ${nodes.join(' ')}`),
      giveUp: (nodes) => this.#diary.push(`give up ${nodes.join(' ')}`),
      tell: (event) => {
        if (event.kind === 'ended') this.details = event.details;
        this.#diary.push(wordsOf(event));
      },
    });
  }

  /** What was done since it was last asked. */
  done(): string[] {
    const done = this.#diary;
    this.#diary = [];
    return done;
  }

  /** All serve the old Capsule, hold the new one, and the first wave begins. */
  begin(nodes = 2): void {
    for (let node = 0; node < nodes; node++) {
      this.conductor.onServing(node, 'old');
      this.conductor.onStaged(node);
    }
    this.conductor.onTimer();
    this.done();
  }

  serve(node: number, version: CapsuleVersion): string[] {
    this.conductor.onServing(node, version);
    return this.done();
  }

  checked(...failures: string[]): string[] {
    this.conductor.onChecked(failures);
    return this.done();
  }

  ring(): string[] {
    this.conductor.onTimer();
    return this.done();
  }
}

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
