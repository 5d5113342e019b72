import { MeshSimError } from '../../base/errors.ts';
import type { Fault, Plan, Trigger } from '../../model/plan.ts';
import type { UpgradePlan } from '../../model/upgradePlan.ts';
import { pauseMsOf, plannedLegs, type Leg } from './waves.ts';

/** What follows from the waves of an upgrade, and so is no part of the schema of plans. */

function refuse(sentence: string): never {
  throw new MeshSimError('plan-invalid', sentence);
}

function waveCount(legs: readonly Leg[]): number {
  return legs.reduce((sum, { waves }) => sum + waves.length, 0);
}

/** ms that pass between waves, whatever the services take. */
function restMs(upgrade: UpgradePlan, legs: readonly Leg[]): number {
  const pauses = waveCount(legs) - legs.length;
  return pauses * pauseMsOf(upgrade) + (1 + legs.length) * upgrade.workloadMs;
}

function waitsInVain(when: Trigger, { rollback }: UpgradePlan, legs: readonly Leg[]) {
  const mayFail = rollback === 'on-failure';
  if ('wave' in when) {
    // Back after a failure are as many waves as there were, at most.
    const most = waveCount(legs) * (mayFail ? 2 : 1);
    if (when.wave <= most) return undefined;
    return `waits for wave ${when.wave}, but this upgrade has ${most}${mayFail ? ', those back included' : ''}; name one of those`;
  }
  const isBack = 'upgrade' in when && when.upgrade === 'rolled-back';
  if (!isBack || mayFail || legs.length > 1) return undefined;
  const why = rollback === 'seeded' ? 'as its seed draws, this upgrade' : 'this upgrade';
  return `waits until all is rolled back, but ${why} never goes back; choose another "rollback"${rollback === 'seeded' ? ' or seed' : ''}`;
}

/** Of each fault of the schedule, whether the upgrade of this plan comes to what it waits for; of a plan without one, all do. */
export function awaitedInTime(plan: Plan, schedule: readonly Fault[]): readonly boolean[] {
  const { upgrade, params, seed } = plan;
  if (upgrade === undefined) return schedule.map(() => true);
  const legs = plannedLegs(upgrade, params.nodes, seed);
  return schedule.map(({ when }) => waitsInVain(when, upgrade, legs) === undefined);
}

/** @throws MeshSimError plan-invalid, naming the fault, or the time that waves take */
export function assertUpgrade(plan: Plan, schedule: readonly Fault[]): void {
  const { upgrade, params, seed, deadlineMs } = plan;
  if (upgrade === undefined) return;
  const legs = plannedLegs(upgrade, params.nodes, seed);
  schedule.forEach(({ when }, index) => {
    const why = waitsInVain(when, upgrade, legs);
    if (why !== undefined) refuse(`chaos fault ${index} ${why}.`);
  });
  const rests = restMs(upgrade, legs);
  if (rests < deadlineMs) return;
  refuse(
    `The upgrade of this plan rests for ${rests} ms between its ${waveCount(legs)} waves, but its deadline is ${deadlineMs} ms: raise deadlineMs, or shorten its pauses or workloadMs.`,
  );
}
