import type { Plan } from '../model/plan.ts';
import { drawnPlan } from './drawPlan.ts';
import type { Failure, RunOutcome, RunPlan } from './runOutcome.ts';

export interface ExploreOptions {
  readonly plan: Plan;
  /** How many runs, at most. */
  readonly runs: number;
  readonly runPlan: RunPlan;
  /** False: no further run is to begin. The first one begins in any case. */
  readonly mayGoOn: () => boolean;
  /** Called after each run; the next one begins when it resolves. */
  readonly onRun: (run: ExploredRun) => Promise<void>;
}

export interface ExploredRun {
  /** From 0. */
  readonly run: number;
  /** As it was drawn. */
  readonly plan: Plan;
  readonly outcome: RunOutcome;
}

export interface FailedRun extends ExploredRun {
  readonly failure: Failure;
}

/**
 * Runs a plan under one seed after the other, until one fails. Which ones follows from the plan alone.
 * @returns the run that failed; undefined: none did
 * @throws what `runPlan` and `onRun` throw
 */
export async function explore(options: ExploreOptions): Promise<FailedRun | undefined> {
  const { runs, runPlan, mayGoOn, onRun } = options;
  for (let run = 0; run < runs; run++) {
    if (run > 0 && !mayGoOn()) return undefined;
    const plan = drawnPlan(options.plan, run);
    const outcome = await runPlan(plan);
    const explored = { run, plan, outcome };
    await onRun(explored);
    if (outcome.failure !== undefined) return { ...explored, failure: outcome.failure };
  }
  return undefined;
}
