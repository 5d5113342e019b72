import type { RunObservation } from '../../src/model/observation.ts';
import type { PlanInput } from '../../src/model/plan.ts';
import { CAPSULE_HASH } from './sealedRun.ts';
import { OLD_HASH, runUpgrade } from './upgradePlans.ts';
import { virtualPlan } from './virtualPlans.ts';

export const UPGRADE = {
  from: OLD_HASH,
  strategy: { kind: 'rolling', batch: 2, pauseMs: 200 },
  order: 'n0-last',
  rollback: 'after-half',
  workloadMs: 300,
} as const satisfies PlanInput['upgrade'];

/** An upgrade of three nodes to the Capsule of sealedRun.ts, as virtual time observes it: there, back, and there. */
export async function upgradeObservation(input: Partial<PlanInput> = {}): Promise<RunObservation> {
  const plan = virtualPlan({
    capsuleHash: CAPSULE_HASH,
    params: { nodes: 3, latencyMs: [20, 60], packetLoss: 2 },
    upgrade: UPGRADE,
    ...input,
  });
  return (await runUpgrade(plan)).observation;
}
