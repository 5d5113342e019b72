import type { Service } from './registry.ts';
import type { Objective } from './objective.ts';

type Metric = Objective['metric'];

/**
 * Who sees the answers of a service: other nodes that ask over the emulated network, or services that
 * call it. The two say different things and are never mixed.
 */
export type MeasuredBy = NonNullable<Objective['measuredBy']>;

/**
 * What a probe went over: `wire`, a request by HTTP or TCP to the service itself, as its callers make them; `protocol`, a message
 * to the agent of its node, which then makes a health check. The first where nodes have a network of their own.
 */
export const PROBED_OVER = ['wire', 'protocol'] as const;
export type ProbedOver = (typeof PROBED_OVER)[number];

const OF_ANSWERS: readonly Metric[] = ['latency-p95-ms', 'latency-p99-ms', 'availability-percent'];

/** Whether it takes answers to measure it. All other metrics follow from starts and crashes. */
export function isOfAnswers(metric: Metric): boolean {
  return OF_ANSWERS.includes(metric);
}

/**
 * As the objective says, else by probes where other nodes can ask the service: to run a command for each question would
 * measure the start of a process. Undefined for what takes no answers.
 */
export function measuredBy(
  { health }: Pick<Service, 'health'>,
  objective: Pick<Objective, 'metric' | 'measuredBy'>,
): MeasuredBy | undefined {
  if (!isOfAnswers(objective.metric)) return undefined;
  return objective.measuredBy ?? ('command' in health ? 'calls' : 'probes');
}

/** How an indicator says that it was measured. */
export interface Measuring {
  readonly measuredBy?: MeasuredBy | undefined;
  readonly over?: ProbedOver | undefined;
}

/** Whether values may be compared. Evidence of earlier releases does not say how it measured; its probes went over the protocol. */
export function isMeasuredAlike(left: Measuring, right: Measuring): boolean {
  const isAlike =
    left.measuredBy === undefined ||
    right.measuredBy === undefined ||
    left.measuredBy === right.measuredBy;
  const isProbed = left.measuredBy === 'probes' || right.measuredBy === 'probes';
  return isAlike && (!isProbed || (left.over ?? 'protocol') === (right.over ?? 'protocol'));
}

/** For a sentence or a column: `probes`, `probes over the wire`, `calls`; empty: it was not measured by answers, or nobody knows. */
export function waysOf({ measuredBy, over }: Measuring): string {
  const by = measuredBy ?? '';
  return over === undefined ? by : `${by} over the ${over}`;
}

/** For a sentence: `api: quick (by calls)`. */
export function nameWithWay(name: string, by: MeasuredBy | undefined): string {
  return by === undefined ? name : `${name} (by ${by})`;
}
