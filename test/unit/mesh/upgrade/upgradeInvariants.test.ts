import assert from 'node:assert/strict';
import { checkUpgrade } from '../../../../src/mesh/upgrade/upgradeInvariants.ts';
import { isViolated, UPGRADE_INVARIANTS } from '../../../../src/model/invariants.ts';
import { ROLLBACKS, UPGRADE_ORDERS } from '../../../../src/model/upgradeChoices.ts';
import type { UpgradePlan } from '../../../../src/model/upgradePlan.ts';
import { sweepOf } from '../../../support/sweep.ts';
import { UpgradeModel, type ModelOptions } from '../../../support/upgradeModel.ts';

const UPGRADES = sweepOf(3000, 1000);

const STRATEGIES: readonly UpgradePlan['strategy'][] = [
  { kind: 'rolling', batch: 1, pauseMs: 100 },
  { kind: 'rolling', batch: 3, pauseMs: 0 },
  { kind: 'canary', nodes: 1, bakeMs: 200 },
  { kind: 'blue-green' },
  { kind: 'all-at-once' },
];

function pick<T>(all: readonly T[], at: number): T {
  return all[at % all.length]!;
}

function optionsOf(seed: number): ModelOptions {
  return {
    upgrade: {
      strategy: pick(STRATEGIES, seed),
      order: pick(UPGRADE_ORDERS, seed >> 2),
      rollback: pick(ROLLBACKS, seed >> 3),
      workloadMs: 300,
    },
    nodes: 3 + (seed % 5),
    seed,
  };
}

function judgedOf(options: ModelOptions) {
  return checkUpgrade(new UpgradeModel(options).run().facts());
}

function violated(options: ModelOptions): string[] {
  return judgedOf(options)
    .filter(isViolated)
    .map(({ name }) => name);
}

const PLAIN: ModelOptions = {
  upgrade: { rollback: 'after-half', workloadMs: 300 },
  nodes: 5,
  seed: 7,
};

describe('the invariants of an upgrade', () => {
  it(`hold in ${UPGRADES} upgrades with crashes at any instant`, function () {
    this.timeout(120_000);
    for (let seed = 0; seed < UPGRADES; seed++) {
      const model = new UpgradeModel({ ...optionsOf(seed), crashes: seed % 7 }).run();
      const problems = checkUpgrade(model.facts()).filter(isViolated);
      assert.deepEqual(problems, [], `seed ${seed}`);
      assert.deepEqual(model.told.at(-1)?.kind, 'ended', `seed ${seed}`);
      assert.ok(model.nodes.every(({ chosen }) => chosen === 'new'));
    }
  });

  it('say what was looked at, and how far', () => {
    const judged = judgedOf(PLAIN);
    assert.deepEqual(
      judged.slice(0, 2).map(({ details }) => details),
      [
        'All 16 starts of services were of a Capsule that the node held whole and verified, as the model has it: 8 of the old one, which nodes have from the start, and 8 of the new one.',
        'After each of 11 waves, and at the end, every node that was up ran exactly the Capsule it should, as the model has it: 60 looks at a node. All 5 nodes run the new Capsule.',
      ],
    );
    assert.match(
      judged[2]!.details,
      /^When all were back, \d+ ms after the run began, all 5 nodes were healthy and ran exactly the old Capsule/,
    );
    assert.equal(
      judged[3]?.details,
      'Nobody measured whether services answered throughout: no service runs in a model.',
    );
    assert.deepEqual(
      judged.map(({ name, observed }) => `${name} ${observed}`),
      UPGRADE_INVARIANTS.map((name, at) => `${name} ${at < 3 ? 'held' : 'not-observed'}`),
    );
  });

  it('say how often nobody can tell who changed the state: the workload ran on that node', () => {
    const facts = new UpgradeModel(PLAIN).run().facts();
    const lost = (moves: number, unclear: number) =>
      checkUpgrade({ ...facts, state: { moves, entries: 4, lost: [], unclear } }).at(-1);
    const [all, some, none] = [lost(2, 0), lost(2, 1), lost(0, 1)];
    assert.deepEqual(
      [all, some, none].map((one) => one?.observed),
      ['held', 'held', 'not-observed'],
    );
    assert.match(all?.details ?? '', /time of change\.$/);
    assert.match(some?.details ?? '', /Beside these, 1× something had changed on the node/);
    assert.match(none?.details ?? '', /^Nobody can tell: 1× something had changed/);
  });

  it('do not speak of a way back where there was none', () => {
    const [, , back] = judgedOf({ ...PLAIN, upgrade: { rollback: 'never' } });
    assert.deepEqual(
      [back?.observed, back?.details],
      ['not-observed', 'This upgrade had no way back, and needed none.'],
    );
  });

  it('catch a node that was moved before it held the new Capsule', () => {
    assert.deepEqual(violated({ ...PLAIN, flaw: 'moves-unstaged' }), ['every-version-verified']);
  });

  it('catch a node that forgot in a crash what it was moved to', () => {
    const caught = Array.from({ length: 40 }, (_, seed) =>
      violated({ ...PLAIN, seed, crashes: 6, flaw: 'forgets-choice' }),
    ).filter((names) => names.includes('upgraded-runs-signed-content'));
    assert.ok(caught.length > 0);
  });

  it('catch a node that says it went back and did not', () => {
    assert.deepEqual(violated({ ...PLAIN, flaw: 'ignores-way-back' }), [
      'upgraded-runs-signed-content',
      'way-back',
    ]);
  });

  it('catch content that is not what was signed', () => {
    assert.deepEqual(violated({ ...PLAIN, flaw: 'alters-content' }), [
      'upgraded-runs-signed-content',
    ]);
  });

  it('catch a wave that failed, also where all went back after it', () => {
    for (const rollback of ['never', 'on-failure'] as const) {
      const fails: ModelOptions['fails'] = (node, to) => node === 3 && to === 'new';
      const options = { ...PLAIN, upgrade: { ...PLAIN.upgrade, rollback }, fails };
      assert.deepEqual(violated(options), ['upgraded-runs-signed-content']);
      const model = new UpgradeModel(options).run();
      const isBack = model.nodes.every(({ chosen, isServing }) => chosen === 'old' && isServing);
      assert.equal(isBack, rollback === 'on-failure');
    }
  });

  it('catch a way back on which a node failed', () => {
    const fails: ModelOptions['fails'] = (() => {
      const seen = new Set<number>();
      return (node, to) => {
        if (to === 'old' && seen.has(node)) return true;
        seen.add(node);
        return false;
      };
    })();
    assert.deepEqual(violated({ ...PLAIN, fails }), ['upgraded-runs-signed-content', 'way-back']);
  });

  it('catch a node that kept the old Capsule because of drift, and say so', () => {
    const judged = judgedOf({ ...PLAIN, drifted: [2] });
    assert.deepEqual(
      judged.filter(isViolated).map(({ name, details }) => `${name}: ${details}`),
      ['upgraded-runs-signed-content: n2 halted.'],
    );
  });
});
