import { MeshSimError } from '../base/errors.ts';
import { drawUint32 } from '../base/random.ts';
import { chaosSchedule } from '../mesh/chaosSchedule.ts';
import { compilePlan } from '../mesh/compiledPlan.ts';
import { assertUpgrade, awaitedInTime } from '../mesh/upgrade/upgradeRules.ts';
import { SEED } from '../model/paramLimits.ts';
import type { Fault, Plan } from '../model/plan.ts';
import { withAwaited, withFaults, withWaiting } from './schedule.ts';

/** Keeps these draws apart from those of links, orders and rollbacks, which have the same seed. */
const FAULT_DRAWS = 0xfa17;

/** Seeds follow each other, so that the next exploration can begin where this one ended. After the last comes the first. */
export function seedOf(base: number, run: number): number {
  return (base + run) % (SEED.max + 1);
}

/**
 * The faults of one run: each of those that can come about, or not, as the seed draws. Some faults hide what others would
 * show, so a run with fewer finds what one with all does not. One at least: a plan with chaos was not asked for a run without.
 */
function drawnFaults(
  seed: number,
  schedule: readonly Fault[],
  awaited: readonly boolean[],
): ReadonlySet<number> {
  const indices = schedule.map((_, index) => index);
  const lost = withWaiting(schedule, new Set(indices.filter((index) => awaited[index] !== true)));
  const possible = indices.filter((index) => !lost.has(index));
  const drawn = possible.filter((index) => drawUint32(seed, FAULT_DRAWS, index) % 2 === 0);
  const only = possible[drawUint32(seed, FAULT_DRAWS, schedule.length) % possible.length];
  const none = only === undefined ? [] : [only];
  return withAwaited(schedule, new Set(drawn.length > 0 ? drawn : none));
}

/**
 * The plan of one run of an exploration. It follows from the plan and the number of the run alone.
 * @param run from 0
 */
export function drawnPlan(plan: Plan, run: number): Plan {
  const seeded = { ...plan, seed: seedOf(plan.seed, run) };
  const schedule = chaosSchedule(plan);
  const awaited = awaitedInTime(seeded, schedule);
  return withFaults(seeded, schedule, drawnFaults(seeded.seed, schedule, awaited));
}

/**
 * That each run of an exploration can be run, and may pass.
 * @throws MeshSimError plan-invalid, one sentence
 */
export function assertExplorable(plan: Plan, runs: number): void {
  const [drift] = plan.drift;
  if (drift !== undefined) {
    throw new MeshSimError(
      'plan-invalid',
      `This plan offers ${drift.node} another commit ("drift"), so each of its runs fails, whatever the seed: leave it out.`,
    );
  }
  compilePlan(drawnPlan(plan, 0));
  const schedule = chaosSchedule(plan);
  const idle = new Set(schedule.keys());
  for (let run = 0; run < runs; run++) {
    const drawn = drawnPlan(plan, run);
    assertUpgrade(drawn, chaosSchedule(drawn));
    awaitedInTime(drawn, schedule).forEach((isAwaited, index) => {
      if (isAwaited) idle.delete(index);
    });
  }
  const [fault] = idle;
  if (fault === undefined) return;
  throw new MeshSimError(
    'plan-invalid',
    `chaos fault ${fault} waits for what no upgrade of these ${runs} runs comes to: name another wave or moment, or leave it out.`,
  );
}
