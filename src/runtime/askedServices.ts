import { isDeepStrictEqual } from 'node:util';
import type { Manifest } from '../model/capsule.ts';
import { measuredBy, type MeasuredBy } from '../model/measuredBy.ts';
import { nodeIdOf } from '../model/nodeIds.ts';
import { isPlacedOn } from '../model/placement.ts';
import type { Plan } from '../model/plan.ts';
import { isAsked, type Service } from '../model/registry.ts';

/** A service and a way in which its answers are seen. */
export interface WatchedService {
  readonly service: string;
  readonly by: MeasuredBy;
}

/** What nodes of a run may hold, as far as services are named. */
export interface RunManifests {
  /** Of the plan's own Capsule. */
  readonly manifest: Manifest;
  /** Of the one that all nodes run at first; undefined: it is no upgrade. */
  readonly before: Manifest | undefined;
}

/**
 * Of every service, each way that one of its objectives is measured in. While nodes are upgraded only by probes, and of those
 * services alone that both Capsules answer for at the same place: what asks them need not know which one a node runs.
 */
export function watchedServices({ manifest, before }: RunManifests): WatchedService[] {
  return manifest.services.flatMap((service) => {
    const ways = service.objectives.map((objective) => measuredBy(service, objective));
    return (['probes', 'calls'] as const)
      .filter((by) => ways.includes(by))
      .filter((by) => before === undefined || (by === 'probes' && isAskedAlike(service, before)))
      .map((by) => ({ service: service.name, by }));
  });
}

/**
 * Of an upgrade: services that promise no availability by probes, and that other nodes can connect to alike, whichever Capsule a
 * node runs. Of these it shows whether they take connections.
 */
export function soundedServices({ manifest, before }: RunManifests): string[] {
  if (before === undefined) return [];
  return manifest.services
    .filter((service) => isAsked(service.health) && !('command' in service.health))
    .filter((service) => !service.objectives.some((one) => isPromiseByProbes(service, one)))
    .filter((service) => isAskedAlike(service, before))
    .map(({ name }) => name);
}

function isPromiseByProbes(service: Service, objective: Service['objectives'][number]): boolean {
  return objective.metric === 'availability-percent' && measuredBy(service, objective) === 'probes';
}

/** Whether the service of that name answers the same question at the same ports in the other Capsule. */
function isAskedAlike(service: Service, { services }: Manifest): boolean {
  const other = services.find(({ name }) => name === service.name);
  return (
    isDeepStrictEqual(other?.ports, service.ports) &&
    isDeepStrictEqual(other?.health, service.health)
  );
}

/**
 * By node of a plan, the services that others ask it for, by index in the manifest that all nodes have from the start: for what they
 * promise, over the wire also whether they take connections.
 */
export function askedServices(
  manifests: RunManifests,
  { params, placement }: Pick<Plan, 'params' | 'placement'>,
  overWire = false,
): number[][] {
  const asked = namesBy(watchedServices(manifests), 'probes');
  if (overWire) asked.push(...soundedServices(manifests));
  const { services } = numbering(manifests);
  return Array.from({ length: params.nodes }, (_, node) =>
    services.flatMap(({ name }, index) =>
      asked.includes(name) && isPlacedOn(placement, name, nodeIdOf(node)) ? [index] : [],
    ),
  );
}

/** By its order services have numbers: what all nodes have from the start. */
function numbering({ manifest, before }: RunManifests): Manifest {
  return before ?? manifest;
}

/** Of those, by the same index, the ones that nobody asks for what they promise. */
export function askedSeldom(manifests: RunManifests): number[] {
  const often = namesBy(watchedServices(manifests), 'probes');
  const seldom = soundedServices(manifests).filter((name) => !often.includes(name));
  const { services } = numbering(manifests);
  return services.flatMap(({ name }, index) => (seldom.includes(name) ? [index] : []));
}

/** The services whose callers are listened to, by name. */
export function calledServices(manifests: RunManifests): string[] {
  return namesBy(watchedServices(manifests), 'calls');
}

function namesBy(watched: readonly WatchedService[], way: MeasuredBy): string[] {
  return watched.flatMap(({ service, by }) => (by === way ? [service] : []));
}
