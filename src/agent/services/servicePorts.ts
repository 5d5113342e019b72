import type { CapsuleService } from '../../model/capsule.ts';

/** Service → port name → port. */
export type ServicePorts = Readonly<Record<string, Readonly<Record<string, number>>>>;

/**
 * The ports of the services as the registry has them, for a box, whose ports are all its own; undefined where two
 * services name the same one.
 */
export function registryPorts(
  services: readonly Pick<CapsuleService, 'name' | 'ports'>[],
): ServicePorts | undefined {
  const all = services.flatMap(({ ports }) => Object.values(ports));
  if (new Set(all).size < all.length) return undefined;
  return Object.fromEntries(services.map(({ name, ports }) => [name, ports]));
}
