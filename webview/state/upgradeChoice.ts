import { signal } from '@preact/signals';
import type { CapsuleSummary } from '../../src/model/api.ts';
import { UPGRADE_DEADLINE_MS } from '../../src/model/paramLimits.ts';
import { UPGRADE_DEFAULTS } from '../../src/model/upgradeChoices.ts';
import type { UpgradePlan, UpgradeStrategy } from '../../src/model/upgradePlan.ts';
import { DEFAULT_PARAMETERS, parameters, setParameters } from './parameters.ts';
import type { StrategyKind } from './parseUpgrade.ts';

export type Way = Omit<UpgradePlan, 'from'>;

/** What is shown, and comes back, while the next run is a first start; `deadlineMs` where an upgrade raised it. */
const kept = signal<{ readonly way: Way; readonly deadlineMs?: number }>({
  way: {
    strategy: strategyOf('rolling'),
    order: UPGRADE_DEFAULTS.order,
    rollback: UPGRADE_DEFAULTS.rollback,
    workloadMs: UPGRADE_DEFAULTS.workloadMs,
  },
});

/** What an upgrade to this Capsule may start from: the others of its product, newest first. */
export function capsulesBefore(
  capsules: readonly CapsuleSummary[],
  capsuleHash: string | undefined,
): CapsuleSummary[] {
  const name = capsules.find((one) => one.capsuleHash === capsuleHash)?.name;
  return capsules.filter((one) => one.name === name && one.capsuleHash !== capsuleHash);
}

/** How the upgrade goes, or would if there were one. */
export function wayOfUpgrade(): Way {
  return parameters.value.upgrade ?? kept.value.way;
}

/**
 * What the next run starts from; undefined: nothing. Waves take their time, so a deadline that is shorter than that of upgrades
 * is raised to it, and comes back with a first start.
 */
export function chooseFrom(from: string | undefined): void {
  const { upgrade, deadlineMs } = parameters.value;
  if (from === undefined) {
    if (upgrade === undefined) return;
    const { strategy, order, rollback, workloadMs, checksFrom } = upgrade;
    const checks = checksFrom === undefined ? {} : { checksFrom };
    const isRaised = deadlineMs === UPGRADE_DEADLINE_MS;
    const before = isRaised ? (kept.value.deadlineMs ?? DEFAULT_PARAMETERS.deadlineMs) : deadlineMs;
    kept.value = { way: { strategy, order, rollback, workloadMs, ...checks } };
    setParameters({ upgrade: undefined, deadlineMs: before });
    return;
  }
  if (upgrade === undefined && deadlineMs < UPGRADE_DEADLINE_MS) {
    kept.value = { ...kept.value, deadlineMs };
    setParameters({ deadlineMs: UPGRADE_DEADLINE_MS });
  }
  setParameters({ upgrade: { ...wayOfUpgrade(), from } });
}

/** Nothing where the next run is a first start. */
export function changeUpgrade(change: Partial<Way>): void {
  const { upgrade } = parameters.value;
  if (upgrade !== undefined) setParameters({ upgrade: { ...upgrade, ...change } });
}

export function strategyOf(kind: StrategyKind): UpgradeStrategy {
  const { batch, pauseMs, canaries, bakeMs } = UPGRADE_DEFAULTS;
  switch (kind) {
    case 'rolling':
      return { kind, batch, pauseMs };
    case 'canary':
      return { kind, nodes: canaries, bakeMs };
    case 'blue-green':
    case 'all-at-once':
      return { kind };
  }
}
