import type { Plan } from '../../model/plan.ts';
import type { Rollback, UpgradeOrder } from '../../model/upgradeChoices.ts';
import type { UpgradePlan, UpgradeStrategy } from '../../model/upgradePlan.ts';
import type { Candidate } from './candidate.ts';

/** From the simplest on: each may come to more than the ones before it. */
const ROLLBACKS: readonly Rollback[] = ['never', 'on-failure', 'after-half', 'after-all', 'seeded'];
const ORDERS: readonly UpgradeOrder[] = ['listed', 'n0-last', 'seeded'];

function simpler<T>(from: readonly T[], than: T): readonly T[] {
  return from.slice(0, from.indexOf(than));
}

/** Waves of one way through all nodes. */
export function wavesOfWay(strategy: UpgradeStrategy, nodes: number): number {
  if (strategy.kind === 'rolling') return Math.ceil(nodes / strategy.batch);
  return strategy.kind === 'canary' ? 2 : 1;
}

/** 1, 2, 4 and so on below `waves`, and one wave less. */
function smallerCounts(waves: number): number[] {
  const counts: number[] = [];
  for (let count = 1; count < waves; count *= 2) counts.push(count);
  if (waves > 1 && counts.at(-1) !== waves - 1) counts.push(waves - 1);
  return counts;
}

function strategies(strategy: UpgradeStrategy, nodes: number): [string, UpgradeStrategy][] {
  const waves = wavesOfWay(strategy, nodes);
  return smallerCounts(waves).flatMap((count): [string, UpgradeStrategy][] => {
    if (count === 1) return [['all nodes at once', { kind: 'all-at-once' }]];
    if (strategy.kind !== 'rolling') return [];
    const batch = Math.ceil(nodes / count);
    // Nodes that cannot be cut into so many waves make fewer, which stands in the list already.
    if (Math.ceil(nodes / batch) !== count) return [];
    return [[`${count} waves, of ${batch} nodes`, { ...strategy, batch }]];
  });
}

/** Fewer waves: a simpler way back, larger batches, and where that is all, nodes in the order of their numbers. */
export function fewerWaves(plan: Plan): Candidate[] {
  const { upgrade, params } = plan;
  if (upgrade === undefined) return [];
  const changed = (what: string, change: Partial<UpgradePlan>): Candidate => ({
    what,
    plan: { ...plan, upgrade: { ...upgrade, ...change } },
  });
  return [
    ...simpler(ROLLBACKS, upgrade.rollback).map((rollback) =>
      changed(`rollback ${rollback}`, { rollback }),
    ),
    ...strategies(upgrade.strategy, params.nodes).map(([what, strategy]) =>
      changed(what, { strategy }),
    ),
    ...simpler(ORDERS, upgrade.order).map((order) => changed(`order ${order}`, { order })),
  ];
}
