import assert from 'node:assert/strict';
import { ChaosDirector } from '../../../src/mesh/chaos.ts';
import { chaosSchedule } from '../../../src/mesh/chaosSchedule.ts';
import type { Fault } from '../../../src/model/plan.ts';
import { presetSchedule } from '../../../src/model/chaosPresets.ts';
import { CHAOS_PRESETS, type ChaosPreset } from '../../../src/model/presets.ts';
import { isMeshSimError } from '../../support/errorCode.ts';
import { virtualPlan } from '../../support/virtualPlans.ts';

const KILL_N1: Fault = {
  when: { node: 'n1', phase: 'receive', progress: 0.45 },
  do: { kill: 'n1', restartAfterMs: 900 },
};

const kinds = (director: ChaosDirector, at: number) => director.take(at).map(({ kind }) => kind);

describe('the chaos director', () => {
  it('fires at the progress asked for, and not before', () => {
    const director = new ChaosDirector([KILL_N1]);
    director.phase(1, 'receive', 'started', 10);
    director.progress(1, 9, 20, 20);
    director.progress(0, 20, 20, 25);
    assert.deepEqual(kinds(director, 30), ['kill']);
  });

  it('waits while the progress is below it', () => {
    const director = new ChaosDirector([KILL_N1]);
    director.progress(1, 8, 20, 20);
    assert.deepEqual(kinds(director, 30), []);
    assert.equal(director.pending, false);
    assert.deepEqual(director.unfired(), [
      'fault 0 (kill) never fired: n1 never reached 45 % of receive',
    ]);
  });

  it('fires when a wave of an upgrade begins, or a moment of it comes first', () => {
    const director = new ChaosDirector([
      { when: { wave: 2 }, do: { kill: 'n1', restartAfterMs: 900 } },
      { when: { upgrade: 'mixed' }, do: { slow: 'n2', factor: 2 } },
      { when: { upgrade: 'rolled-back' }, do: { byzantine: 'n2' } },
      { when: { upgrade: 'done' }, do: { corruptChunks: { to: 'n2', count: 1 } } },
      { when: { wave: 1, since: 'switched' }, do: { degradeLink: { from: 'n0', to: 'n1' } } },
      { when: { wave: 2, since: 'switched' }, do: { kill: 'n2' } },
    ]);
    const wave = { kind: 'wave-begun', leg: 0, to: 'new', nodes: [0] } as const;
    director.hear({ kind: 'window', window: 'mixed' }, 10);
    director.hear({ ...wave, wave: 1 }, 10);
    assert.deepEqual(kinds(director, 20), ['slow']);
    director.hear({ ...wave, kind: 'wave-switched', wave: 1 }, 25);
    assert.deepEqual(kinds(director, 25), ['degrade']);
    director.hear({ kind: 'window', window: 'mixed' }, 30);
    director.hear({ ...wave, wave: 2 }, 30);
    assert.deepEqual(kinds(director, 30), ['kill']);
    director.hear({ ...wave, kind: 'wave-ended', wave: 2, outcome: 'ok', isLast: true }, 40);
    assert.deepEqual(kinds(director, 40), ['corrupt']);
    assert.deepEqual(director.unfired(), [
      'fault 2 (byzantine) never fired: the upgrade was never rolled back',
      'fault 5 (kill) never fired: no names switched in wave 2',
    ]);
  });

  it('fires while a migration runs that it waits for, and lets those be that end sooner', () => {
    const director = new ChaosDirector([
      { when: { migrates: 'n1', since: 'begun', delayMs: 50 }, do: { kill: 'n1' } },
      { when: { migrates: 'n1', since: 'changed', delayMs: 0 }, do: { slow: 'n2', factor: 2 } },
      { when: { migrates: 'n2', since: 'changed', delayMs: 0 }, do: { byzantine: 'n2' } },
    ]);
    director.phase(1, 'migrate', 'started', 5);
    assert.equal(director.pending, false, 'its command does not run yet');
    director.migration(1, 'begun', 10);
    assert.equal(director.nextDueAt(), 60);
    director.migrationOver(1);
    assert.deepEqual(kinds(director, 100), []);
    director.migration(1, 'begun', 200);
    director.migration(1, 'changed', 210);
    assert.deepEqual(kinds(director, 210), ['slow']);
    director.phase(1, 'migrate', 'ok', 240);
    assert.equal(director.pending, false);
    assert.deepEqual(director.unfired(), [
      'fault 0 (kill) never fired: no migration on n1 still ran 50 ms after it had begun',
      'fault 2 (byzantine) never fired: no migration on n2 was seen to change its state while it ran',
    ]);
    director.migration(1, 'begun', 300);
    assert.deepEqual(kinds(director, 350), ['kill']);
  });

  it('fires at the latest when the phase ends', () => {
    const director = new ChaosDirector([KILL_N1]);
    director.phase(1, 'receive', 'ok', 50);
    assert.deepEqual(kinds(director, 50), ['kill']);
  });

  it('restarts a killed node after the pause, once', () => {
    const director = new ChaosDirector([KILL_N1]);
    director.progress(1, 20, 20, 100);
    assert.deepEqual(kinds(director, 100), ['kill']);
    assert.equal(director.nextDueAt(), 1000);
    assert.deepEqual(kinds(director, 999), []);
    assert.deepEqual(kinds(director, 1000), ['restart']);
    assert.deepEqual(kinds(director, 5000), []);
    assert.equal(director.pending, false);
  });

  it('starts a follow-up of a killed service that long after the kill, whether it is back or not', () => {
    const director = new ChaosDirector([
      { when: { atMs: 100 }, do: { killService: { node: 'n1', service: 'orders' } } },
      { when: { afterFault: 0, delayMs: 50 }, do: { pause: 'n2', forMs: 10 } },
    ]);
    assert.deepEqual(kinds(director, 100), ['disturb']);
    assert.equal(director.nextDueAt(), 150);
  });

  it('starts a follow-up of a kill once the node is healthy again', () => {
    const next: Fault = { when: { afterFault: 0, delayMs: 100 }, do: { byzantine: 'n2' } };
    const director = new ChaosDirector([KILL_N1, next]);
    director.progress(1, 20, 20, 100);
    director.phase(1, 'healthy', 'ok', 120);
    kinds(director, 2000);
    assert.equal(director.pending, false, 'the node is up again, but not healthy');
    director.phase(1, 'healthy', 'ok', 2500);
    assert.equal(director.nextDueAt(), 2600);
    assert.deepEqual(kinds(director, 2600), ['byzantine']);
  });

  it('does not take the health of before the kill for recovery', () => {
    const next: Fault = { when: { afterFault: 0, delayMs: 0 }, do: { byzantine: 'n2' } };
    const director = new ChaosDirector([KILL_N1, next]);
    director.progress(1, 20, 20, 100);
    kinds(director, 100);
    director.phase(1, 'healthy', 'ok', 110);
    assert.deepEqual(kinds(director, 500), []);
  });

  it('heals a partition and then starts what waited for it', () => {
    const director = new ChaosDirector([
      {
        when: { atMs: 200 },
        do: { partition: { from: ['n0'], to: ['n1'], oneWay: false }, healAfterMs: 300 },
      },
      { when: { afterFault: 0, delayMs: 50 }, do: { slow: 'n1', factor: 2 } },
    ]);
    assert.deepEqual(kinds(director, 199), []);
    assert.deepEqual(kinds(director, 600), ['partition', 'heal', 'slow']);
  });

  it('gives actions in order of their due times, not of the schedule', () => {
    const director = new ChaosDirector([
      { when: { atMs: 20 }, do: { byzantine: 'n2' } },
      { when: { atMs: 10 }, do: { byzantine: 'n1' } },
    ]);
    assert.deepEqual(
      director.take(30).map(({ fault }) => fault),
      [1, 0],
    );
  });
});

describe('a chaos schedule', () => {
  it('acts on services of the victim, or on names everywhere, by presets that say so', () => {
    const does = (preset: ChaosPreset) => presetSchedule(preset, 3).map((fault) => fault.do);
    assert.deepEqual(does('hung-service'), [{ pause: 'n2', forMs: 3_000 }]);
    assert.deepEqual(does('service-crash'), [{ killService: { node: 'n2' } }]);
    assert.deepEqual(does('dns-outage'), [
      { dns: { nodes: ['n0', 'n1', 'n2'], mode: 'fail' }, forMs: 3_000 },
    ]);
    assert.deepEqual(does('disk-full'), [{ fillDisk: 'n2', leaveBytes: 0, forMs: 3_000 }]);
  });

  it('can be made of every preset for 2 to 10 nodes', () => {
    for (const preset of CHAOS_PRESETS) {
      for (let nodes = 2; nodes <= 10; nodes++) {
        const plan = virtualPlan({ params: { nodes }, chaos: { preset } });
        const schedule = chaosSchedule(plan);
        assert.equal(schedule.length === 0, preset === 'none', preset);
      }
    }
  });

  it('is the plan’s own when it lists faults', () => {
    const plan = virtualPlan({ chaos: { preset: 'slow-node', faults: [KILL_N1] } });
    assert.deepEqual(chaosSchedule(plan), [KILL_N1]);
  });

  it('restarts every node but the entry node, one after the other', () => {
    const plan = virtualPlan({ params: { nodes: 4 }, chaos: { preset: 'rolling-restart' } });
    const killed = chaosSchedule(plan).map((fault) => ('kill' in fault.do ? fault.do.kill : ''));
    assert.deepEqual(killed, ['n1', 'n2', 'n3']);
  });

  it('is refused when it names a node the plan has not, waits for a later fault or cuts a node from itself', () => {
    const bad: [Fault, RegExp][] = [
      [{ when: { atMs: 0 }, do: { kill: 'n7' } }, /fault 0 names n7/],
      [{ when: { node: 'n8', phase: 'boot', progress: 0 }, do: { kill: 'n1' } }, /names n8/],
      [{ when: { afterFault: 0, delayMs: 5 }, do: { kill: 'n1' } }, /waits for fault 0/],
      [
        {
          when: { atMs: 0 },
          do: { partition: { from: ['n0', 'n1'], to: ['n1'], oneWay: true } },
        },
        /n1 on both sides/,
      ],
      [{ when: { atMs: 0 }, do: { byzantine: 'n0' } }, /entry node/],
    ];
    for (const [fault, sentence] of bad) {
      const plan = virtualPlan({ params: { nodes: 3 }, chaos: { faults: [fault] } });
      assert.throws(() => chaosSchedule(plan), isMeshSimError('plan-invalid', sentence));
    }
  });
});
