import type { CapsuleService } from '../../model/capsule.ts';

/** Service → port name → port. */
export type ServicePorts = Readonly<Record<string, Readonly<Record<string, number>>>>;

/**
 * The ports of all services as the registry has them, for a box, whose ports are all its own; undefined where two of those
 * `here`, on this node, name the same one.
 */
export function registryPorts(
  all: readonly Pick<CapsuleService, 'name' | 'ports'>[],
  here: readonly Pick<CapsuleService, 'ports'>[] = all,
): ServicePorts | undefined {
  const own = here.flatMap(({ ports }) => Object.values(ports));
  if (new Set(own).size < own.length) return undefined;
  return Object.fromEntries(all.map(({ name, ports }) => [name, ports]));
}
