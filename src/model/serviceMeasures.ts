import type { MeshEvent } from './events.ts';
import type { Indicator } from './indicator.ts';
import {
  isOfAnswers,
  measuredBy,
  type MeasuredBy,
  type Measuring,
  type ProbedOver,
} from './measuredBy.ts';
import { isPlacedOn } from './placement.ts';
import type { Plan } from './plan.ts';
import type { Service } from './registry.ts';
import type { Objective } from './objective.ts';
import { isUpStatus } from './serviceStatus.ts';
import type { UpgradeWindow } from './upgradeReport.ts';

type Metric = Objective['metric'];

/** An objective, the service that states it, and how its answers are seen, for a metric of answers. */
export interface ServiceObjective {
  readonly service: string;
  readonly objective: Objective;
  readonly measuredBy: MeasuredBy | undefined;
}

/**
 * Probes, or calls, that a value needs at least to be more than an accident: of fewer, the nearest rank of that percentile is
 * simply the slowest of them.
 */
const LEAST_ANSWERS: Readonly<Partial<Record<Metric, number>>> = {
  'latency-p95-ms': 20,
  'latency-p99-ms': 100,
  'availability-percent': 20,
};

/** Measurements below which a metric has no value. */
export function leastSamples(metric: Metric): number {
  return LEAST_ANSWERS[metric] ?? 1;
}

/** A service that has not answered by then was not available to the one who asked or called. */
export const PATIENCE_MS = 3000;

/** What every metric has enough of. */
export const ENOUGH_ANSWERS = 100;

const SHARE: Readonly<Partial<Record<Metric, number>>> = {
  'latency-p95-ms': 0.95,
  'latency-p99-ms': 0.99,
};

/** Objectives as their services state them, in the order of the registry. */
export function objectivesOf(
  services: readonly Pick<Service, 'name' | 'objectives' | 'health'>[],
): ServiceObjective[] {
  return services.flatMap((service) =>
    service.objectives.map((objective) => ({
      service: service.name,
      objective,
      measuredBy: measuredBy(service, objective),
    })),
  );
}

/** How the indicator of an objective is called: unique as long as a service does not state one twice. */
export function indicatorName({
  service,
  objective,
}: Pick<ServiceObjective, 'service' | 'objective'>): string {
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

/** What was seen of the answers of a service, in one way. */
interface Answers {
  readonly latencies: number[];
  failed: number;
  /** Of probes. */
  readonly over: Set<ProbedOver>;
}

const NO_ANSWERS: Readonly<Answers> = { latencies: [], failed: 0, over: new Set() };

type MeasuredPlan = Partial<Pick<Plan, 'placement' | 'upgrade'>>;

function keyOf(service: string, window: UpgradeWindow | undefined): string {
  return `${service} ${window ?? ''}`;
}

/** What the events of a run say about its services. Anybody who has the signed events gets the same figures. */
export class ServiceMeasures {
  readonly #services: readonly string[];
  readonly #plan: MeasuredPlan;
  readonly #places = new Map<string, Place>();
  readonly #nodes = new Set<string>();
  readonly #answers = { probes: new Map<string, Answers>(), calls: new Map<string, Answers>() };

  /** A service is measured where the plan places it. */
  constructor(services: readonly string[], plan: MeasuredPlan = {}) {
    this.#services = services;
    this.#plan = plan;
  }

  /** Events are to come in order. */
  apply(event: MeshEvent): void {
    if (event.type === 'probes') {
      const seen = this.#answers[event.by ?? 'probes'];
      const key = keyOf(event.service, event.window);
      const answers = seen.get(key) ?? { latencies: [], failed: 0, over: new Set() };
      seen.set(key, answers);
      if (event.by === undefined) answers.over.add(event.over ?? 'protocol');
      answers.latencies.push(...event.latencyMs);
      answers.failed += event.failed;
    } else if (event.type === 'service' && isUpStatus(event.status)) {
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
   * The single measurements of a metric: ms, or for availability 1 for an answer that was good and 0 for one that failed. Empty
   * when there is nothing to measure, or when a node never got there: its share would be missing from the worst. Starts and
   * crashes of an upgrade are of two Capsules, and of moves: they measure none.
   * @param window of an upgrade; left out: the one in which all nodes run the new Capsule
   * @param by undefined, where evidence of an earlier release does not say it: of each service there was one sort only
   */
  samples(
    service: string,
    metric: Metric,
    by: MeasuredBy | undefined,
    window?: UpgradeWindow,
  ): number[] {
    if (this.#plan.upgrade !== undefined && !isOfAnswers(metric)) return [];
    switch (metric) {
      case 'latency-p95-ms':
      case 'latency-p99-ms':
        return [...this.#answersOf(service, by, window).latencies];
      case 'availability-percent': {
        const { latencies, failed } = this.#answersOf(service, by, window);
        return [...latencies.map(() => 1), ...new Array<number>(failed).fill(0)];
      }
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
  indicator(of: ServiceObjective, window?: UpgradeWindow): Indicator | undefined {
    const { metric, comparator, threshold } = of.objective;
    const samples = this.samples(of.service, metric, of.measuredBy, window);
    if (samples.length < leastSamples(metric)) return undefined;
    const value = Math.round(1000 * valueOf(metric, samples)) / 1000;
    const measured = { metric, comparator, threshold, value };
    const way = this.#wayOf(of, window);
    if (way === undefined) return undefined;
    const sampleSize = samples.length;
    return { name: indicatorName(of), ...measured, ...way, sampleSize, passed: isMet(measured) };
  }

  /** Undefined: some nodes asked over the wire and others could not, and the two say different things. */
  #wayOf(
    { service, measuredBy: by }: ServiceObjective,
    window: UpgradeWindow | undefined,
  ): Measuring | undefined {
    if (by !== 'probes') return by === undefined ? {} : { measuredBy: by };
    const [over, other] = this.#answersOf(service, by, window).over;
    return over === undefined || other !== undefined ? undefined : { measuredBy: by, over };
  }

  #healthy(place: Place, at: number): void {
    if (place.healthyAt < 0) place.healthyAt = at;
    if (place.crashedAt < 0) return;
    place.recoveries.push(at - place.crashedAt);
    place.crashedAt = -1;
  }

  #answersOf(
    service: string,
    by: MeasuredBy | undefined,
    window: UpgradeWindow | undefined,
  ): Readonly<Answers> {
    const { probes, calls } = this.#answers;
    const last = this.#plan.upgrade === undefined ? undefined : 'after';
    const key = keyOf(service, window ?? last);
    const seen = { probes: probes.get(key), calls: calls.get(key) };
    const answers = by === undefined ? (seen.probes ?? seen.calls) : seen[by];
    return answers ?? NO_ANSWERS;
  }

  #placesOn(nodeId: string): Place[] {
    return this.#services
      .filter((service) => isPlacedOn(this.#plan.placement, service, nodeId))
      .map((service) => this.#placeOf(nodeId, service));
  }

  #placesOf(service: string): Place[] {
    return [...this.#nodes]
      .filter((nodeId) => isPlacedOn(this.#plan.placement, service, nodeId))
      .map((nodeId) => this.#placeOf(nodeId, service));
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
