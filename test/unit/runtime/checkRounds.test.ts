import assert from 'node:assert/strict';
import { checksHeld, type ChecksSeen } from '../../../src/mesh/upgrade/checksHeld.ts';
import { checkSchema } from '../../../src/model/check.ts';
import { planSchema } from '../../../src/model/plan.ts';
import type { CapsuleVersion } from '../../../src/model/upgradeReport.ts';
import { CheckRounds } from '../../../src/runtime/real/checkRounds.ts';
import { WorkloadRun } from '../../../src/runtime/real/workloadRun.ts';
import { refuseUnableChecks } from '../../../src/runtime/real/upgradeLimits.ts';

const NO_SERVICES = { noServices: 'no service runs', details: 'It ended early.' };

function check(name: string, more: object = {}) {
  return checkSchema.parse({ name, service: 'web', run: ['node', 'check.mjs'], ...more });
}

function seenBy({ rounds }: Bench, from: CapsuleVersion = 'new'): ChecksSeen {
  return { ...rounds.seen(), from };
}

/** Two nodes, and what was sent to them and told. */
class Bench {
  readonly sent: string[] = [];
  readonly told: string[] = [];
  readonly rounds: CheckRounds;
  readonly nodes = [0, 1].map((index) => ({
    index,
    id: `n${index}`,
    isStaged: true,
    process: {
      send: (command: object) => this.sent.push(JSON.stringify({ index, ...command })),
    },
  }));
  over: readonly string[] | undefined;

  constructor(checks: readonly ReturnType<typeof check>[]) {
    this.rounds = new CheckRounds({
      ...{ checks, nodes: this.nodes, plan: { params: { nodes: 2 } as never } },
      emit: (body) =>
        body.type === 'check' && this.told.push(`${body.nodeId} ${body.name} ${body.status}`),
      onRound: (failures) => (this.over = failures),
    });
  }

  answer(node: number, problem?: string): void {
    const { id } = JSON.parse(this.sent.at(-1) ?? '{}') as { id: number };
    this.rounds.checked(this.nodes[node]!, id, problem);
  }
}

describe('runtime/real: checks of the product', () => {
  it('are run one after the other on the nodes they name, in the windows they name', () => {
    const bench = new Bench([
      check('kept'),
      check('entry', { on: 'n0' }),
      check('done', { when: ['after'] }),
    ]);
    bench.rounds.begin('mixed', 1);
    assert.deepEqual(JSON.parse(bench.sent[0] ?? ''), {
      ...{ index: 0, type: 'check', id: 1, check: 0, window: 'mixed', wave: 1 },
    });
    bench.answer(0);
    bench.answer(1);
    assert.equal(bench.over, undefined);
    bench.answer(0);
    assert.deepEqual(bench.over, []);
    assert.deepEqual(
      bench.told.filter((one) => one.endsWith('passed')),
      ['n0 kept passed', 'n1 kept passed', 'n0 entry passed'],
    );
    assert.equal(
      checksHeld({ ...NO_SERVICES, checks: seenBy(bench) }).details,
      'All 3 runs of 3 checks passed: 3 in mixed, on n0, n1.',
    );
  });

  it('that fail are named with window, wave, node and what they said last', () => {
    const bench = new Bench([check('kept', { on: 'n1' })]);
    bench.rounds.begin('rolled-back', 2);
    bench.answer(1, 'exited with code 1. It said: gone');
    const sentence =
      'The check "kept" on n1, after wave 2, in rolled-back, failed: exited with code 1. It said: gone';
    assert.deepEqual(bench.over, [sentence]);
    const held = checksHeld({ ...NO_SERVICES, checks: seenBy(bench) });
    assert.equal(held.observed, 'violated');
    assert.equal(held.details, sentence);
  });

  it('say nothing where a node went down or holds no new Capsule, and a late answer does not count', () => {
    const bench = new Bench([check('kept')]);
    bench.nodes[1]!.isStaged = false;
    bench.rounds.begin('before', 0);
    bench.rounds.gone(bench.nodes[0]!);
    assert.deepEqual(bench.over, []);
    bench.answer(0, 'exited with code 1.');
    assert.deepEqual(bench.told, ['n0 kept begun', 'n0 kept unfinished', 'n1 kept unfinished']);
    const held = checksHeld({ ...NO_SERVICES, checks: seenBy(bench) });
    assert.equal(held.observed, 'not-observed');
    assert.match(held.details, /"kept" on n0, before the first wave, was not run to its end/);
  });

  it('that the end of the run ends have not failed, and their wave has not passed', () => {
    const bench = new Bench([check('kept')]);
    bench.rounds.begin('mixed', 1);
    bench.rounds.stop();
    bench.answer(0, 'was ended by SIGTERM. It said nothing.');
    assert.equal(bench.over, undefined);
    assert.deepEqual(bench.told, ['n0 kept begun', 'n0 kept unfinished']);
    const held = checksHeld({ ...NO_SERVICES, checks: seenBy(bench) });
    assert.equal(held.observed, 'not-observed');
    assert.match(held.details, /after wave 1, in mixed, was not run to its end: the run was over/);
  });

  it('are not observed where there are none, and where no service runs', () => {
    const none = checksHeld({ ...NO_SERVICES, checks: seenBy(new Bench([])) });
    const old = checksHeld({ ...NO_SERVICES, checks: seenBy(new Bench([]), 'old') });
    assert.equal(old.details, 'The Capsule that ran before has no checks.');
    assert.equal(none.observed, 'not-observed');
    assert.match(none.details, /has no checks/);
    assert.match(checksHeld(NO_SERVICES).details, /No check of the product was run: no service/);
  });

  it('count the workload, which fails when it ends with another code than 0 before it is stopped', () => {
    const sent: object[] = [];
    const process = { send: (command: object) => void sent.push(command) };
    const told: object[] = [];
    const workload = { service: 'web', run: ['load'], on: 'n1' };
    const run = new WorkloadRun(workload, (body) => void told.push(body));
    run.staged({ id: 'n0', process });
    assert.equal(run.seen, undefined);
    run.staged({ id: 'n1', process });
    assert.deepEqual(sent, [{ type: 'workload' }]);
    const held = () => {
      const checks = { ...seenBy(new Bench([])), workload: run.seen };
      return checksHeld({ ...NO_SERVICES, checks });
    };
    run.ended(undefined);
    assert.equal(held().observed, 'held');
    assert.match(held().details, /^The workload ran on n1 while the mesh was upgraded/);
    run.ended('exited with code 1. It said: refused');
    run.ended(undefined);
    assert.equal(held().observed, 'violated');
    assert.equal(
      held().details,
      'The workload on n1, before it was stopped, exited with code 1. It said: refused',
    );
    const common = { type: 'workload', nodeId: 'n1' };
    assert.deepEqual(told, [
      { ...common, status: 'begun' },
      { ...common, status: 'failed', details: 'exited with code 1. It said: refused' },
    ]);
  });

  it('for a node that the plan does not have are refused on real nodes alone', () => {
    const plan = planSchema.parse({
      capsuleHash: 'b'.repeat(64),
      params: { nodes: 3 },
      upgrade: { from: 'a'.repeat(64) },
    });
    const manifest = { checks: [check('kept', { on: 'n7' })] } as never;
    assert.throws(
      () => refuseUnableChecks(plan, manifest),
      /The check "kept" of the registry is to run on n7, but "web" runs on n0, n1, n2 in this plan/,
    );
    refuseUnableChecks({ ...plan, world: 'virtual' }, manifest);
  });
});
