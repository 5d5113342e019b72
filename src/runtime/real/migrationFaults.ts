import { MeshSimError } from '../../base/errors.ts';
import type { Manifest } from '../../model/capsule.ts';
import { isPlacedOn } from '../../model/placement.ts';
import type { Fault, Plan } from '../../model/plan.ts';
import { migrationOf } from '../../model/registry.ts';

/**
 * A fault that waits for a migration where none is would never fire.
 * @param manifests of the Capsules that nodes are moved between
 * @throws MeshSimError plan-invalid, naming the fault and the node
 */
export function refuseVainMigrationFaults(
  { placement }: Pick<Plan, 'placement'>,
  schedule: readonly Fault[],
  manifests: readonly Manifest[],
): void {
  schedule.forEach(({ when }, index) => {
    if (!('migrates' in when)) return;
    const { migrates } = when;
    const isMigrated = manifests.some(({ services }) =>
      services.some(
        (service) =>
          migrationOf(service) !== undefined && isPlacedOn(placement, service.name, migrates),
      ),
    );
    if (isMigrated) return;
    throw new MeshSimError(
      'plan-invalid',
      `chaos fault ${index} waits for a migration on ${migrates}, but no service that runs there has "migrate", in either Capsule: add one to the registry and pack again, or use another trigger.`,
    );
  });
}
