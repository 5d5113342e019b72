import { MeshSimError } from '../../base/errors.ts';
import type { Manifest } from '../../model/capsule.ts';
import { nodeIdOf } from '../../model/nodeIds.ts';
import { placesOf } from '../../model/placement.ts';
import type { Plan } from '../../model/plan.ts';

/**
 * A check, or a workload, that no node could run would be one that nobody misses.
 * @throws MeshSimError plan-invalid
 */
export function refuseUnableChecks(plan: Plan, { checks = [], workload }: Manifest): void {
  const { upgrade, placement, params, world } = plan;
  if (upgrade === undefined || world === 'virtual') return;
  const asked = [
    ...checks.map((check) => ({ ...check, what: `check "${check.name}"` })),
    ...(workload === undefined ? [] : [{ ...workload, what: 'workload' }]),
  ];
  for (const { what, on, service } of asked) {
    const places = placesOf(placement, service, params.nodes).map(nodeIdOf);
    if (on === 'each-node' || places.includes(on)) continue;
    refuse(
      `The ${what} of the registry is to run on ${on}, but "${service}" runs on ${places.join(', ')} in this plan: correct its "on" and pack again, or run with more nodes.`,
    );
  }
}

function refuse(sentence: string): never {
  throw new MeshSimError('plan-invalid', sentence);
}
