import type { MeshEvent } from './events.ts';
import type { Indicator } from './evidence.ts';
import type { Objective } from './registry.ts';

type Metric = Objective['metric'];

/** An objective and the service that states it. */
export interface ServiceObjective {
  readonly service: string;
  readonly objective: Objective;
}

/**
 * Probes, or calls where there are no probes, that a value needs at least to be more than an accident: of fewer, the nearest
 * rank of that percentile is simply the slowest of them.
 */
const LEAST_PROBES: Readonly<Partial<Record<Metric, number>>> = {
  'latency-p95-ms': 20,
  'latency-p99-ms': 100,
  'availability-percent': 20,
};

/** A service that has not answered by then was not available to the one who asked or called. */
export const PATIENCE_MS = 3000;

/** What every metric has enough of. */
export const ENOUGH_PROBES = 100;

const SHARE: Readonly<Partial<Record<Metric, number>>> = {
  'latency-p95-ms': 0.95,
  'latency-p99-ms': 0.99,
};

/** Whether it takes probes from other nodes, or calls, to measure it. */
export function isProbed(metric: Metric): boolean {
  return metric in LEAST_PROBES;
}

/** Objectives as their services state them, in the order of the registry. */
export function objectivesOf(
  services: readonly { readonly name: string; readonly objectives: readonly Objective[] }[],
): ServiceObjective[] {
  return services.flatMap(({ name, objectives }) =>
    objectives.map((objective) => ({ service: name, objective })),
  );
}

/** How the indicator of an objective is called: unique as long as a service does not state one twice. */
export function indicatorName({ service, objective }: ServiceObjective): string {
  return `${service}: ${objective.name}`;
}

/** The service an indicator is about: names of services have no colon. */
export function serviceOf({ name }: Pick<Indicator, 'name'>): string {
  return name.split(': ', 1)[0] ?? '';
}

export function isMet({
  comparator,
  threshold,
  value,
}: Pick<Indicator, 'comparator' | 'threshold' | 'value'>): boolean {
  return comparator === '<=' ? value <= threshold : value >= threshold;
}

/** One service on one node, in ms since the run began; -1: not so far. `crashedAt`: of a crash it has not recovered from. */
interface Place {
  receivedAt: number;
  healthyAt: number;
  crashedAt: number;
  readonly recoveries: number[];
}

/** What the events of a run say about its services. Anybody who has the signed events gets the same figures. */
export class ServiceMeasures {
  readonly #services: readonly string[];
  readonly #places = new Map<string, Place>();
  readonly #nodes = new Set<string>();
  readonly #latencies = new Map<string, number[]>();
  readonly #failed = new Map<string, number>();

  constructor(services: readonly string[]) {
    this.#services = services;
  }

  /** Events are to come in order. */
  apply(event: MeshEvent): void {
    if (event.type === 'probes') {
      this.#latenciesOf(event.service).push(...event.latencyMs);
      this.#failed.set(event.service, (this.#failed.get(event.service) ?? 0) + event.failed);
    } else if (event.type === 'service' && event.status === 'healthy') {
      this.#healthy(this.#placeOf(event.nodeId, event.service), event.at);
    } else if (event.type === 'phase') {
      this.#nodes.add(event.nodeId);
      if (event.phase === 'receive' && event.status === 'ok') {
        for (const place of this.#placesOn(event.nodeId)) received(place, event.at);
      }
    } else if (event.type === 'node' && event.status === 'crashed') {
      for (const place of this.#placesOn(event.nodeId)) crashed(place, event.at);
    }
  }

  /**
   * The single measurements of a metric: ms, or for availability 1 for a probe that passed and 0 for one that failed. Empty
   * when there is nothing to measure, or when a node never got there: its share would be missing from the worst.
   */
  samples(service: string, metric: Metric): number[] {
    switch (metric) {
      case 'latency-p95-ms':
      case 'latency-p99-ms':
        return [...this.#latenciesOf(service)];
      case 'availability-percent':
        return [
          ...this.#latenciesOf(service).map(() => 1),
          ...new Array<number>(this.#failed.get(service) ?? 0).fill(0),
        ];
      case 'time-to-healthy-ms': {
        const places = this.#placesOf(service);
        if (places.some(({ healthyAt }) => healthyAt < 0)) return [];
        return places.map(({ receivedAt, healthyAt }) => healthyAt - receivedAt);
      }
      case 'recovery-ms': {
        const places = this.#placesOf(service);
        if (places.some(({ crashedAt }) => crashedAt >= 0)) return [];
        return places.flatMap(({ recoveries }) => recoveries);
      }
    }
  }

  /** The indicator of an objective; undefined: this run did not measure it, or not often enough. */
  indicator(of: ServiceObjective): Indicator | undefined {
    const { metric, comparator, threshold } = of.objective;
    const samples = this.samples(of.service, metric);
    if (samples.length < (LEAST_PROBES[metric] ?? 1)) return undefined;
    const value = Math.round(1000 * valueOf(metric, samples)) / 1000;
    const measured = { metric, comparator, threshold, value };
    const passed = isMet(measured);
    return { name: indicatorName(of), ...measured, sampleSize: samples.length, passed };
  }

  #healthy(place: Place, at: number): void {
    if (place.healthyAt < 0) place.healthyAt = at;
    if (place.crashedAt < 0) return;
    place.recoveries.push(at - place.crashedAt);
    place.crashedAt = -1;
  }

  #latenciesOf(service: string): number[] {
    const known = this.#latencies.get(service) ?? [];
    this.#latencies.set(service, known);
    return known;
  }

  #placesOn(nodeId: string): Place[] {
    return this.#services.map((service) => this.#placeOf(nodeId, service));
  }

  #placesOf(service: string): Place[] {
    return [...this.#nodes].map((nodeId) => this.#placeOf(nodeId, service));
  }

  #placeOf(nodeId: string, service: string): Place {
    this.#nodes.add(nodeId);
    const key = `${nodeId} ${service}`;
    const place = this.#places.get(key) ?? {
      receivedAt: -1,
      healthyAt: -1,
      crashedAt: -1,
      recoveries: [],
    };
    this.#places.set(key, place);
    return place;
  }
}

function received(place: Place, at: number): void {
  if (place.receivedAt < 0) place.receivedAt = at;
}

function crashed(place: Place, at: number): void {
  // What a node did before it was killed on its way is not part of the start that succeeds.
  if (place.healthyAt < 0) place.receivedAt = -1;
  // A second crash before it was healthy again is part of the same recovery.
  if (place.crashedAt < 0) place.crashedAt = at;
}

/** Percentiles by nearest rank; of times that are one for each node, the worst. */
function valueOf(metric: Metric, samples: readonly number[]): number {
  const share = SHARE[metric];
  if (share !== undefined) return nearestRank(samples, share);
  if (metric !== 'availability-percent') return Math.max(...samples);
  return (100 * samples.reduce((sum, passed) => sum + passed, 0)) / samples.length;
}

/** The smallest sample that at least `share` of all samples do not exceed. */
export function nearestRank(samples: readonly number[], share: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.max(1, Math.ceil(share * sorted.length)) - 1] ?? NaN;
}
