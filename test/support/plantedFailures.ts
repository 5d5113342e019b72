import { outcomeOfRun, type Failure, type RunPlan } from '../../src/explore/runOutcome.ts';
import type { RunObservation } from '../../src/model/observation.ts';
import type { Plan, PlanInput } from '../../src/model/plan.ts';
import { OLD_HASH, runUpgrade } from './upgradePlans.ts';
import { virtualPlan } from './virtualPlans.ts';

/** Runs in virtual time, and what a product would do wrong there, which has no services. */
export interface Planted {
  readonly runPlan: RunPlan;
  /** All that were run, in their order. */
  readonly ran: Plan[];
}

/** @param planted what is wrong with a run that went so, which may depend on how many there were before it; undefined: nothing more than the run says itself */
export function plantedIn(
  planted: (run: RunObservation, before: number) => string | undefined,
): Planted {
  const ran: Plan[] = [];
  const runPlan: RunPlan = async (plan) => {
    const before = ran.push(plan) - 1;
    const { observation } = await runUpgrade(plan);
    const invariant = planted(observation, before);
    const { failure, ...went } = outcomeOfRun(observation);
    return { ...went, failure: invariant === undefined ? failure : failureOf(invariant) };
  };
  return { runPlan, ran };
}

export function failureOf(invariant: string): Failure {
  const sentence = `${invariant} was planted.`;
  return { invariant, violated: [invariant], sentence, isUnexercised: false };
}

/** A large plan: whatever is not needed can be left out. */
export function largeUpgrade(more: Partial<PlanInput> = {}): Plan {
  return virtualPlan({
    params: { nodes: 5, latencyMs: [20, 60], packetLoss: 8 },
    upgrade: {
      from: OLD_HASH,
      strategy: { kind: 'rolling', batch: 1, pauseMs: 50 },
      rollback: 'seeded',
      workloadMs: 100,
    },
    chaos: {
      faults: [
        { when: { wave: 1 }, do: { slow: 'n2', factor: 2 } },
        { when: { afterFault: 0, delayMs: 50 }, do: { kill: 'n4', restartAfterMs: 100 } },
        {
          when: { atMs: 300 },
          do: { partition: { from: ['n0', 'n1'], to: ['n2', 'n3', 'n4'] }, healAfterMs: 200 },
        },
      ],
    },
    deadlineMs: 120_000,
    ...more,
  });
}
