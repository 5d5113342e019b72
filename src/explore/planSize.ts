import { chaosSchedule } from '../mesh/chaosSchedule.ts';
import { plannedLegs } from '../mesh/upgrade/waves.ts';
import type { Plan } from '../model/plan.ts';

/** How large a plan is, in what shrinking makes smaller. */
export interface PlanSize {
  readonly faults: number;
  /** There and back, as far as no wave fails; undefined: it has no upgrade. */
  readonly waves: number | undefined;
  readonly nodes: number;
  /** One-way delay, [min, max]. */
  readonly latencyMs: readonly [number, number];
  /** Percent. */
  readonly packetLoss: number;
}

export function planSize(plan: Plan): PlanSize {
  const { params, upgrade, seed } = plan;
  const { nodes, latencyMs, packetLoss } = params;
  const legs = upgrade === undefined ? undefined : plannedLegs(upgrade, nodes, seed);
  return {
    faults: chaosSchedule(plan).length,
    waves: legs?.reduce((sum, { waves }) => sum + waves.length, 0),
    ...{ nodes, latencyMs, packetLoss },
  };
}
