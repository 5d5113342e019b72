import assert from 'node:assert/strict';
import { MeshSimError } from '../../src/base/errors.ts';
import { planSchema, type Plan, type PlanInput } from '../../src/model/plan.ts';

/** A plan of four nodes that are 20 to 40 ms apart, but for what is chosen otherwise. */
export function fourNodes(more: Partial<PlanInput> = {}): Plan {
  return planSchema.parse({
    capsuleHash: 'a'.repeat(64),
    params: { nodes: 4, latencyMs: [20, 40] },
    ...more,
  });
}

/** The sentence of a plan that is refused. */
export function refusal(refused: () => void): string {
  try {
    refused();
  } catch (error) {
    assert.ok(error instanceof MeshSimError && error.code === 'plan-invalid');
    return error.message;
  }
  return 'it was not refused';
}
