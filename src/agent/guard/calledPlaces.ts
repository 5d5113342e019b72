import { meshAddressOf, OWN_ADDRESS } from '../../model/meshAddress.ts';
import { nodeIdOf } from '../../model/nodeIds.ts';
import type { LaunchCommand } from '../../wire/control.ts';
import type { ServicePorts } from '../services/servicePorts.ts';
import type { CallPlace } from './orders.ts';

/** A service whose calls are measured, as one of its callers on this node reaches it. */
export interface CalledPlace extends CallPlace {
  readonly service: string;
  /** Where it answers then; of several, nobody knows which one before there is a connection. */
  readonly nodes: readonly number[];
}

export interface CalledServices {
  readonly launch: Pick<LaunchCommand, 'index' | 'nodes' | 'services'>;
  /** By name. */
  readonly called: readonly string[];
  /** Where services listen, here and on other nodes. */
  readonly ports: ServicePorts;
  /** Whether this node reaches others. */
  readonly isWired: boolean;
}

type Reached = Pick<CalledPlace, 'service' | 'nodes' | 'hosts'>;

/** Every way from this node to the services whose calls are measured: what box/meshNames answers, and addresses. */
export function calledPlaces({ launch, called, ports, isWired }: CalledServices): CalledPlace[] {
  const { index, nodes, services } = launch;
  const all = Array.from({ length: nodes }, (_, node) => node);
  const reached = called.flatMap((service): Reached[] => {
    const places = Object.hasOwn(services.places, service) ? services.places[service] : undefined;
    const running = places ?? all;
    const isHere = running.includes(index);
    const own = isHere
      ? [reachedOn(index, service, [OWN_ADDRESS, 'localhost', '::1', ...withSuffix(service)])]
      : [];
    if (!isWired) return own;
    const others = running
      .filter((node) => node !== index)
      .map((node) => reachedOn(node, service, []));
    // The name stands for this node where the service runs here, else for all that run it.
    const any = { service, nodes: running, hosts: withSuffix(service) };
    return [...own, ...others, ...(isHere ? [] : [any])];
  });
  return reached
    .flatMap((one) => Object.values(ports[one.service] ?? {}).map((port) => ({ ...one, port })))
    .map((place, id) => ({ id, ...place }));
}

function reachedOn(node: number, service: string, further: readonly string[]): Reached {
  const nodeId = nodeIdOf(node);
  const names = [...withSuffix(nodeId), ...withSuffix(`${service}.${nodeId}`)];
  return { service, nodes: [node], hosts: [...further, ...names, meshAddressOf(node)] };
}

function withSuffix(name: string): string[] {
  return [name, `${name}.mesh`];
}
