import type { Fault, Plan } from '../model/plan.ts';
import { compileLinks, type LinkTable } from '../network/linkTable.ts';
import { chaosSchedule } from './chaosSchedule.ts';
import { assertPlacement } from './placementRules.ts';
import { assertUpgrade } from './upgrade/upgradeRules.ts';
import { planTrees, type TreePlan } from './trees.ts';

/** All that follows from a plan alone. A run compiles its plan once and hands this on; no part compiles it again. */
export interface CompiledPlan {
  readonly plan: Plan;
  readonly table: LinkTable;
  /** The faults in the order by which they are numbered everywhere. */
  readonly schedule: readonly Fault[];
  /** Planned when first asked for: a verifier never does. */
  readonly trees: TreePlan;
}

/** @throws MeshSimError plan-invalid when topology, chaos or placement name what the plan has not, or leave a node unreachable, or the waves of its upgrade do not fit. */
export function compilePlan(plan: Plan): CompiledPlan {
  const table = compileLinks(plan);
  const schedule = chaosSchedule(plan);
  assertPlacement(plan);
  assertUpgrade(plan, schedule);
  let trees: TreePlan | undefined;
  return {
    plan,
    table,
    schedule,
    get trees() {
      return (trees ??= planTrees(table));
    },
  };
}
