import assert from 'node:assert/strict';
import fc from 'fast-check';
import { plannedLegs, type Leg } from '../../../../src/mesh/upgrade/waves.ts';
import { ROLLBACKS, UPGRADE_ORDERS } from '../../../../src/model/upgradeChoices.ts';
import { upgradePlanSchema, type UpgradePlan } from '../../../../src/model/upgradePlan.ts';

const FROM = 'a'.repeat(64);

function legs(upgrade: Partial<UpgradePlan>, nodes = 5, seed = 1): readonly Leg[] {
  return plannedLegs(upgradePlanSchema.parse({ from: FROM, ...upgrade }), nodes, seed);
}

const wavesOf = (all: readonly Leg[]) => all.map(({ to, waves }) => [to, ...waves]);
const listed = { order: 'listed', rollback: 'never' } as const;
const rolling = (batch: number) => ({ kind: 'rolling', batch, pauseMs: 0 }) as const;

const anyUpgrade = fc.record({
  strategy: fc.oneof(
    fc.integer({ min: 1, max: 4 }).map(rolling),
    fc.integer({ min: 1, max: 3 }).map((nodes) => ({ kind: 'canary', nodes, bakeMs: 0 }) as const),
    fc.constant({ kind: 'blue-green' } as const),
    fc.constant({ kind: 'all-at-once' } as const),
  ),
  order: fc.constantFrom(...UPGRADE_ORDERS),
  rollback: fc.constantFrom(...ROLLBACKS),
});

describe('the waves of an upgrade', () => {
  it('are as the strategy cuts them', () => {
    assert.deepEqual(wavesOf(legs({ ...listed, strategy: rolling(2) })), [
      ['new', [0, 1], [2, 3], [4]],
    ]);
    const canary = { kind: 'canary', nodes: 1, bakeMs: 0 } as const;
    assert.deepEqual(wavesOf(legs({ ...listed, strategy: canary })), [['new', [0], [1, 2, 3, 4]]]);
    for (const kind of ['blue-green', 'all-at-once'] as const) {
      assert.deepEqual(wavesOf(legs({ ...listed, strategy: { kind } })), [
        ['new', [0, 1, 2, 3, 4]],
      ]);
    }
  });

  it('go back after half of them, rounded up, and then all the way', () => {
    const upgrade = { strategy: rolling(1), order: 'n0-last', rollback: 'after-half' } as const;
    assert.deepEqual(wavesOf(legs(upgrade, 3)), [
      ['new', [1], [2]],
      ['old', [1], [2]],
      ['new', [1], [2], [0]],
    ]);
  });

  it('take each node once on a way there, and back those that were taken', () => {
    fc.assert(
      fc.property(anyUpgrade, fc.integer({ min: 2, max: 12 }), fc.nat(), (upgrade, nodes, seed) => {
        const all = Array.from({ length: nodes }, (_, node) => node);
        const planned = legs(upgrade, nodes, seed);
        const taken = planned.map(({ waves }) => waves.flat().sort((a, b) => a - b));
        assert.deepEqual(taken.at(-1), all);
        assert.deepEqual(
          planned.map(({ to }) => to),
          planned.length === 1 ? ['new'] : ['new', 'old', 'new'],
        );
        if (planned.length > 1) assert.deepEqual(taken[0], taken[1]);
        assert.ok(planned.every(({ waves }) => waves.every((wave) => wave.length > 0)));
        assert.deepEqual(legs(upgrade, nodes, seed), planned);
      }),
    );
  });

  it('take every order and every turning point over many seeds', () => {
    const orders = new Set<string>();
    const turns = new Set<number>();
    for (let seed = 0; seed < 200; seed++) {
      const planned = legs({ rollback: 'seeded', strategy: rolling(1) }, 3, seed);
      orders.add(String(planned.at(-1)?.waves));
      turns.add(planned.length === 1 ? 0 : (planned[0]?.waves.length ?? 0));
    }
    assert.equal(orders.size, 6);
    assert.deepEqual([...turns].sort(), [0, 1, 2, 3]);
  });
});
