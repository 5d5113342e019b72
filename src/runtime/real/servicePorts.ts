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

/** Where ports of a node on another host are free is known there. */
export interface PortHost {
  leasePorts(count: number): Promise<readonly number[]>;
}

/**
 * A port for every declared port of every service on every node, kept for the whole run: a restarted node finds its
 * services where they were. @throws MeshSimError `port-unavailable`, and what a host of another node throws
 */
export async function leaseServicePorts(
  options: RealRunOptions,
  elsewhere: ReadonlyMap<number, PortHost> = new Map(),
): Promise<ServicePortLease> {
  const nodes = Array.from({ length: options.plan.params.nodes }, (_, index) => index);
  const wanted = nodes.map((index) => portNames(runnableServices(options, index)));
  const isHere = (index: number) => !elsewhere.has(index);
  const lease = await leasePorts(countOf(wanted.filter((_, index) => isHere(index)).flat()));
  try {
    const here = lease.ports.values();
    const servicePorts = new Map<number, ServicePorts>();
    for (const [index, services] of wanted.entries()) {
      const there = await elsewhere.get(index)?.leasePorts(countOf(services));
      servicePorts.set(index, assigned(services, there?.values() ?? here));
    }
    return { servicePorts, lease };
  } catch (error) {
    await lease.release();
    throw error;
  }
}

type Named = ReturnType<typeof portNames>;

function countOf(services: Named): number {
  return services.reduce((sum, { ports }) => sum + ports.length, 0);
}

function assigned(services: Named, free: Iterator<number>): ServicePorts {
  const one = () => (free.next().value as number | undefined) ?? 0;
  return Object.fromEntries(
    services.map(({ name, ports }) => [
      name,
      Object.fromEntries(ports.map((port) => [port, one()])),
    ]),
  );
}
