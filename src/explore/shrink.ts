import { MeshSimError } from '../base/errors.ts';
import { compilePlan } from '../mesh/compiledPlan.ts';
import { planSchema, type Plan } from '../model/plan.ts';
import type { Candidate, Pass } from './passes/candidate.ts';
import { fewerFaults } from './passes/faults.ts';
import { fewerLastMiles, lessLatency, lessLoss } from './passes/network.ts';
import { fewerNodes } from './passes/nodes.ts';
import { fewerWaves } from './passes/waves.ts';
import { isSameFailure, type Failure, type RunOutcome, type RunPlan } from './runOutcome.ts';

/** One after the other, and again from the first, until none of them finds anything. */
const PASSES: readonly Pass[] = [
  fewerFaults,
  fewerWaves,
  fewerNodes,
  fewerLastMiles,
  lessLatency,
  lessLoss,
];

/** One run of the shrinking. */
export interface ShrinkStep {
  /** What was tried: "again, as it was", "without kill n3". */
  readonly what: string;
  readonly plan: Plan;
  readonly outcome: RunOutcome;
  /** It failed by the same invariant. */
  readonly isSame: boolean;
}

export interface ShrinkOptions {
  /** Of a run that failed. */
  readonly plan: Plan;
  readonly failure: Failure;
  readonly runPlan: RunPlan;
  /** How many runs, at most. */
  readonly runs: number;
  /** False: no further run is to begin. */
  readonly mayGoOn: () => boolean;
  /** Called after each run; the next one begins when it resolves. */
  readonly onStep: (step: ShrinkStep) => Promise<void>;
}

/**
 * smallest: nothing that is tried could be left out. out-of-runs, out-of-time: it may still be larger than it has to be.
 * not-reproduced: it did not fail by the same invariant when it was run again. not-repeated: no run was left to find that out.
 */
export type ShrinkEnd =
  'smallest' | 'out-of-runs' | 'out-of-time' | 'not-reproduced' | 'not-repeated';

export interface Shrunk {
  readonly end: ShrinkEnd;
  /** The smallest plan that failed by the same invariant twice; the one that was given where nothing smaller did. */
  readonly plan: Plan;
  /** Runs it took. */
  readonly runs: number;
}

/**
 * Makes a plan that fails as small as it can be while it fails by the same invariant. A plan is only taken for one that fails
 * when it has done so twice: what fails now and then would lead to nonsense.
 * @throws what `onStep` throws, and what `runPlan` does, but for plans that cannot be run
 */
export async function shrink(options: ShrinkOptions): Promise<Shrunk> {
  return new Shrinker(options).shrink();
}

class Shrinker {
  readonly #options: ShrinkOptions;
  /** From the one that was given to the smallest, each smaller than the one before it; all failed by the same invariant. */
  readonly #path: Plan[];
  readonly #tried = new Set<string>();
  #runs = 0;
  #stopped: 'out-of-runs' | 'out-of-time' | undefined;

  constructor(options: ShrinkOptions) {
    this.#options = options;
    this.#path = [options.plan];
    this.#isNew(options.plan);
  }

  async shrink(): Promise<Shrunk> {
    const { plan } = this.#options;
    if (!this.#mayRun(1)) return { end: 'not-repeated', plan, runs: 0 };
    if ((await this.#fails({ what: 'again, as it was', plan })) !== true) {
      return { end: 'not-reproduced', plan, runs: this.#runs };
    }
    while (await this.#round());
    const smallest = await this.#confirmed();
    return { end: this.#stopped ?? 'smallest', plan: smallest, runs: this.#runs };
  }

  /** All passes once. @returns whether any of them made it smaller */
  async #round(): Promise<boolean> {
    const before = this.#path.length;
    for (const pass of PASSES) while (await this.#step(pass));
    return this.#path.length > before;
  }

  async #step(pass: Pass): Promise<boolean> {
    for (const candidate of pass(this.#smallest)) {
      if (!this.#isNew(candidate.plan) || !canRun(candidate.plan)) continue;
      // The last run is for confirming what was found.
      if (!this.#mayRun(2)) return false;
      if ((await this.#fails(candidate)) !== true) continue;
      this.#path.push(candidate.plan);
      return true;
    }
    return false;
  }

  /** What failed once may have failed by chance: goes back to a plan that fails again. The one that was given has. */
  async #confirmed(): Promise<Plan> {
    while (this.#path.length > 1 && this.#runs < this.#options.runs) {
      const plan = this.#smallest;
      if ((await this.#fails({ what: 'the smallest, again', plan })) === true) return plan;
      this.#path.pop();
    }
    return this.#options.plan;
  }

  get #smallest(): Plan {
    return this.#path.at(-1) ?? this.#options.plan;
  }

  #isNew(plan: Plan): boolean {
    const key = JSON.stringify(plan);
    if (this.#tried.has(key)) return false;
    this.#tried.add(key);
    return true;
  }

  /** @param runs as many must be left */
  #mayRun(runs: number): boolean {
    if (this.#stopped !== undefined) return false;
    if (this.#runs + runs > this.#options.runs) this.#stopped = 'out-of-runs';
    else if (!this.#options.mayGoOn()) this.#stopped = 'out-of-time';
    return this.#stopped === undefined;
  }

  /** Undefined: it cannot be run. */
  async #fails({ what, plan }: Candidate): Promise<boolean | undefined> {
    const { runPlan, failure, onStep } = this.#options;
    let outcome: RunOutcome;
    try {
      outcome = await runPlan(plan);
    } catch (error) {
      if (isPlanInvalid(error)) return undefined;
      throw error;
    }
    this.#runs += 1;
    const isSame = isSameFailure(failure, outcome.failure);
    await onStep({ what, plan, outcome, isSame });
    return isSame;
  }
}

function canRun(plan: Plan): boolean {
  if (!planSchema.safeParse(plan).success) return false;
  try {
    compilePlan(plan);
    return true;
  } catch (error) {
    if (isPlanInvalid(error)) return false;
    throw error;
  }
}

function isPlanInvalid(error: unknown): boolean {
  return error instanceof MeshSimError && error.code === 'plan-invalid';
}
