import type { Manifest } from '../model/capsule.ts';
import { measuredBy, type MeasuredBy } from '../model/measuredBy.ts';
import { nodeIdOf } from '../model/nodeIds.ts';
import { isPlacedOn } from '../model/placement.ts';
import type { Plan } from '../model/plan.ts';

/** A service and a way in which its answers are seen. */
export interface WatchedService {
  readonly service: string;
  readonly by: MeasuredBy;
}

/** Of every service, each way that one of its objectives is measured in. None while nodes are upgraded: they run different ones. */
export function watchedServices(
  { services }: Manifest,
  { upgrade }: Pick<Plan, 'upgrade'>,
): WatchedService[] {
  if (upgrade !== undefined) return [];
  return services.flatMap((service) => {
    const ways = service.objectives.map((objective) => measuredBy(service, objective));
    return (['probes', 'calls'] as const)
      .filter((by) => ways.includes(by))
      .map((by) => ({ service: service.name, by }));
  });
}

/** By node of a plan, the services that others ask it for, by index in the manifest. */
export function askedServices(manifest: Manifest, plan: AskedPlan): number[][] {
  const { params, placement } = plan;
  const asked = namesBy(watchedServices(manifest, plan), 'probes');
  return Array.from({ length: params.nodes }, (_, node) =>
    manifest.services.flatMap(({ name }, index) =>
      asked.includes(name) && isPlacedOn(placement, name, nodeIdOf(node)) ? [index] : [],
    ),
  );
}

type AskedPlan = Pick<Plan, 'params' | 'placement' | 'upgrade'>;

/** The services whose callers are listened to, by name. */
export function calledServices(manifest: Manifest, plan: Pick<Plan, 'upgrade'>): string[] {
  return namesBy(watchedServices(manifest, plan), 'calls');
}

function namesBy(watched: readonly WatchedService[], way: MeasuredBy): string[] {
  return watched.flatMap(({ service, by }) => (by === way ? [service] : []));
}
