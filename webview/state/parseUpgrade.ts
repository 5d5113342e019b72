import { BAKE_MS, PAUSE_MS, WORKLOAD_MS } from '../../src/model/paramLimits.ts';
import { ROLLBACKS, UPGRADE_DEFAULTS, UPGRADE_ORDERS } from '../../src/model/upgradeChoices.ts';
import { CAPSULE_VERSIONS } from '../../src/model/upgradeReport.ts';
import type { UpgradePlan, UpgradeStrategy } from '../../src/model/upgradePlan.ts';
import { numberAt, objectAt, oneOf, PartError } from './jsonParts.ts';

/** As model/names.ts has it, which carries a validator. */
const DIGEST = /^[0-9a-f]{64}$/;

/** With the fields of each. */
export const STRATEGIES = {
  rolling: ['batch', 'pauseMs'],
  canary: ['nodes', 'bakeMs'],
  'blue-green': [],
  'all-at-once': [],
} as const satisfies Record<UpgradeStrategy['kind'], readonly string[]>;
export type StrategyKind = UpgradeStrategy['kind'];
const KINDS = Object.keys(STRATEGIES) as StrategyKind[];

const KEYS = ['from', 'strategy', 'order', 'rollback', 'checksFrom', 'workloadMs'];

/**
 * How an upgrade goes, as upgradePlanSchema of model/upgradePlan.ts and the rules of real nodes have it.
 * @throws PartError that names the first part of it that is wrong
 */
export function parseUpgrade(value: unknown, nodes: number): UpgradePlan {
  const {
    from,
    strategy = { kind: 'rolling' },
    order = UPGRADE_DEFAULTS.order,
    rollback = UPGRADE_DEFAULTS.rollback,
    checksFrom,
    workloadMs = UPGRADE_DEFAULTS.workloadMs,
  } = objectAt(value, 'upgrade', KEYS);
  if (typeof from !== 'string' || !DIGEST.test(from)) {
    throw new PartError(
      'upgrade.from',
      'upgrade.from must be the whole hash of a Capsule, 64 lower-case hex digits.',
    );
  }
  return {
    from,
    strategy: parseStrategy(strategy, nodes),
    order: oneOf(UPGRADE_ORDERS, order, 'upgrade.order'),
    rollback: oneOf(ROLLBACKS, rollback, 'upgrade.rollback'),
    ...(checksFrom === undefined
      ? {}
      : { checksFrom: oneOf(CAPSULE_VERSIONS, checksFrom, 'upgrade.checksFrom') }),
    workloadMs: numberAt(workloadMs, 'upgrade.workloadMs', { ...WORKLOAD_MS, isWhole: true }),
  };
}

function parseStrategy(value: unknown, nodes: number): UpgradeStrategy {
  const path = 'upgrade.strategy';
  const given = objectAt(value, path, ['kind', ...Object.values(STRATEGIES).flat()]);
  const kind = oneOf(KINDS, given.kind, `${path}.kind`);
  objectAt(value, path, ['kind', ...STRATEGIES[kind]]);
  switch (kind) {
    case 'rolling': {
      const { batch = UPGRADE_DEFAULTS.batch, pauseMs = UPGRADE_DEFAULTS.pauseMs } = given;
      return {
        kind,
        batch: numberAt(batch, `${path}.batch`, { min: 1, max: nodes, isWhole: true }),
        pauseMs: numberAt(pauseMs, `${path}.pauseMs`, { ...PAUSE_MS, isWhole: true }),
      };
    }
    case 'canary': {
      const { nodes: canaries = UPGRADE_DEFAULTS.canaries, bakeMs = UPGRADE_DEFAULTS.bakeMs } =
        given;
      return {
        kind,
        nodes: numberAt(canaries, `${path}.nodes`, { min: 1, max: nodes - 1, isWhole: true }),
        bakeMs: numberAt(bakeMs, `${path}.bakeMs`, { ...BAKE_MS, isWhole: true }),
      };
    }
    case 'blue-green':
    case 'all-at-once':
      return { kind };
  }
}

/** The strategy in a mesh of so many nodes: a wave has no more nodes than there are, and canaries leave one that follows. */
export function fittedStrategy(strategy: UpgradeStrategy, nodes: number): UpgradeStrategy {
  switch (strategy.kind) {
    case 'rolling':
      return { ...strategy, batch: Math.min(strategy.batch, nodes) };
    case 'canary':
      return { ...strategy, nodes: Math.min(strategy.nodes, nodes - 1) };
    case 'blue-green':
    case 'all-at-once':
      return strategy;
  }
}
