import { MeshSimError } from '../../base/errors.ts';
import type { Plan } from '../../model/plan.ts';

/**
 * Real nodes start empty, and nothing replaces what they run: a run that left the upgrade of its plan out would have rehearsed
 * something else.
 * @throws MeshSimError plan-invalid
 */
export function refuseUpgrade({ world, upgrade }: Plan): void {
  if (world === 'virtual' || upgrade === undefined) return;
  throw new MeshSimError(
    'plan-invalid',
    'The upgrade of this plan can be rehearsed in virtual time only: add --virtual ("world": "virtual"), or leave "upgrade" out.',
  );
}
