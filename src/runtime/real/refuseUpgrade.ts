import { MeshSimError } from '../../base/errors.ts';
import type { Plan } from '../../model/plan.ts';

/**
 * Nodes start empty, and nothing replaces what they run: a run that left the upgrade of its plan out would have rehearsed
 * something else.
 * @throws MeshSimError plan-invalid
 */
export function refuseUpgrade({ upgrade }: Plan): void {
  if (upgrade === undefined) return;
  throw new MeshSimError(
    'plan-invalid',
    'The upgrade of this plan cannot be rehearsed by this release: leave "upgrade" out.',
  );
}
