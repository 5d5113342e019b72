import type { MeshSimResult } from '../model/evidence.ts';
import type { Plan } from '../model/plan.ts';

/** What the result says of the plan: only these four, and `chaosMode` only when there was chaos. */
export function resultParams(plan: Plan): MeshSimResult['params'] {
  const { nodes, latencyMs, packetLoss } = plan.params;
  const hasChaos = plan.chaos.preset !== 'none' || plan.chaos.faults.length > 0;
  return { nodes, latencyMs, packetLoss, ...(hasChaos ? { chaosMode: true } : {}) };
}
