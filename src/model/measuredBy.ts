import type { Service } from './registry.ts';
import type { Objective } from './objective.ts';

type Metric = Objective['metric'];

/**
 * Who sees the answers of a service: agents of other nodes that ask over the emulated links, or services of its own node that
 * call it. The two say different things and are never mixed.
 */
export type MeasuredBy = NonNullable<Objective['measuredBy']>;

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

/** Whether values may be compared. Evidence of earlier releases does not say how it measured. */
export function isMeasuredAlike(
  { measuredBy: left }: { readonly measuredBy?: MeasuredBy | undefined },
  { measuredBy: right }: { readonly measuredBy?: MeasuredBy | undefined },
): boolean {
  return left === undefined || right === undefined || left === right;
}

/** For a sentence: `api: quick (by calls)`. */
export function nameWithWay(name: string, by: MeasuredBy | undefined): string {
  return by === undefined ? name : `${name} (by ${by})`;
}
