import type { CapsuleService } from '../../model/capsule.ts';
import type { LaunchCommand } from '../../wire/control.ts';
import { leasePorts, type PortLease } from './portLease.ts';
import type { RealRunOptions } from './options.ts';
import { runnableServices } from './runnableServices.ts';

type ServicePorts = LaunchCommand['services']['servicePorts'];

/** A service that two Capsules have keeps its ports. */
function portNames(services: readonly CapsuleService[]) {
  const names = new Map<string, Set<string>>();
  for (const { name, ports } of services) {
    names.set(name, new Set([...(names.get(name) ?? []), ...Object.keys(ports)]));
  }
  return [...names].map(([name, ports]) => ({ name, ports: [...ports] }));
}

export interface ServicePortLease {
  readonly servicePorts: ReadonlyMap<number, ServicePorts>;
  readonly lease: PortLease;
}

/**
 * A port for every declared port of every service on every node, kept for the whole run: a restarted node finds its
 * services where they were. @throws MeshSimError `port-unavailable`.
 */
export async function leaseServicePorts(options: RealRunOptions): Promise<ServicePortLease> {
  const nodes = Array.from({ length: options.plan.params.nodes }, (_, index) => index);
  const wanted = nodes.map((index) => portNames(runnableServices(options, index)));
  const count = wanted.flat().reduce((sum, { ports }) => sum + ports.length, 0);
  const lease = await leasePorts(count);
  const free = lease.ports.values();
  const assign = (ports: readonly string[]) =>
    Object.fromEntries(ports.map((port) => [port, free.next().value ?? 0]));
  const servicePorts = new Map(
    wanted.map((services, index): [number, ServicePorts] => [
      index,
      Object.fromEntries(services.map(({ name, ports }) => [name, assign(ports)])),
    ]),
  );
  return { servicePorts, lease };
}
