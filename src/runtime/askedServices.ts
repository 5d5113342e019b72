import type { Manifest } from '../model/capsule.ts';
import { measuredBy, type MeasuredBy } from '../model/measuredBy.ts';

/** A service and a way in which its answers are seen. */
export interface WatchedService {
  readonly service: string;
  readonly by: MeasuredBy;
}

/** Of every service, each way that one of its objectives is measured in. */
export function watchedServices({ services }: Manifest): WatchedService[] {
  return services.flatMap((service) => {
    const ways = service.objectives.map((objective) => measuredBy(service, objective));
    return (['probes', 'calls'] as const)
      .filter((by) => ways.includes(by))
      .map((by) => ({ service: service.name, by }));
  });
}

/** The services that nodes ask each other for, by index in the manifest. */
export function askedServices(manifest: Manifest): number[] {
  const asked = namesBy(manifest, 'probes');
  return manifest.services.flatMap(({ name }, index) => (asked.includes(name) ? [index] : []));
}

/** The services whose callers are listened to, by name. */
export function calledServices(manifest: Manifest): string[] {
  return namesBy(manifest, 'calls');
}

function namesBy(manifest: Manifest, way: MeasuredBy): string[] {
  return watchedServices(manifest).flatMap(({ service, by }) => (by === way ? [service] : []));
}
