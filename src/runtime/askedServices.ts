import { isDeepStrictEqual } from 'node:util';
import type { Manifest } from '../model/capsule.ts';
import { measuredBy, type MeasuredBy } from '../model/measuredBy.ts';
import { nodeIdOf } from '../model/nodeIds.ts';
import { isPlacedOn } from '../model/placement.ts';
import type { Plan } from '../model/plan.ts';
import type { Service } from '../model/registry.ts';

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

/** Whether the service of that name answers the same question at the same ports in the other Capsule. */
function isAskedAlike(service: Service, { services }: Manifest): boolean {
  const other = services.find(({ name }) => name === service.name);
  return (
    isDeepStrictEqual(other?.ports, service.ports) &&
    isDeepStrictEqual(other?.health, service.health)
  );
}

/** By node of a plan, the services that others ask it for, by index in the manifest that all nodes have from the start. */
export function askedServices(
  manifests: RunManifests,
  { params, placement }: Pick<Plan, 'params' | 'placement'>,
): number[][] {
  const asked = namesBy(watchedServices(manifests), 'probes');
  const { services } = manifests.before ?? manifests.manifest;
  return Array.from({ length: params.nodes }, (_, node) =>
    services.flatMap(({ name }, index) =>
      asked.includes(name) && isPlacedOn(placement, name, nodeIdOf(node)) ? [index] : [],
    ),
  );
}

/** The services whose callers are listened to, by name. */
export function calledServices(manifests: RunManifests): string[] {
  return namesBy(watchedServices(manifests), 'calls');
}

function namesBy(watched: readonly WatchedService[], way: MeasuredBy): string[] {
  return watched.flatMap(({ service, by }) => (by === way ? [service] : []));
}
