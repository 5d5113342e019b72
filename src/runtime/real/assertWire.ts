import { whyNoWire } from '../../agent/box/wireCheck.ts';
import { wireNeeded } from '../../agent/box/wireNeeded.ts';
import { MeshSimError } from '../../base/errors.ts';
import type { ProductionGuard, RealRunOptions } from './options.ts';

/**
 * That services of different nodes can reach each other on this machine, which a plan needs `by` that.
 * @throws MeshSimError plan-invalid with the reason and the way out
 */
export async function assertWire(
  { namespace }: Pick<ProductionGuard, 'namespace'>,
  { door }: Pick<RealRunOptions['bundles'], 'door'>,
  by: Parameters<typeof wireNeeded>[1],
): Promise<void> {
  const why =
    namespace === 'off'
      ? 'mesh.environments.json has turned namespaces off for simulations'
      : await whyNoWire(door);
  if (why !== undefined) throw new MeshSimError('plan-invalid', wireNeeded(why, by));
}
