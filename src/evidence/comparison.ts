import type { Comparison } from '../model/comparison.ts';
import type { EvidenceExtension } from '../model/evidence.ts';
import type { Indicator } from '../model/indicator.ts';
import { isMeasuredAlike, waysOf } from '../model/measuredBy.ts';
import { canonicalBytes } from '../signing/canonicalJson.ts';
import { rankTest, type RankTest } from './rankTest.ts';

/** One side of a comparison. */
export interface ComparedRun {
  readonly evidence: Pick<EvidenceExtension, 'plan' | 'environment' | 'indicators'>;
  /** The single measurements behind an indicator; undefined: the signed events are not here. */
  readonly samples: ((indicator: Indicator) => readonly number[]) | undefined;
}

/** Fewer measurements than this are too little to tell a change from chance: a start for each node is one moment's load. */
const LEAST_SAMPLES = 20;
const SIGNIFICANT = 0.01;
/**
 * Cliff's delta from which a change matters. Of times, what Romano calls a medium effect; a smaller one is what the load of
 * a shared machine does to two runs of the same thing (docs/objectives.md). Of availability, five points.
 */
const MATTERS = { time: 0.33, share: 0.05 } as const;

/** The plan without what may differ between comparable runs. */
function conditions({ plan }: ComparedRun['evidence']): Uint8Array {
  const { world, params, topology, bandwidth = null, chaos, drift, placement = null } = plan;
  return canonicalBytes({ world, params, topology, bandwidth, chaos, drift, placement });
}

export function isSameConditions(
  left: ComparedRun['evidence'],
  right: ComparedRun['evidence'],
): boolean {
  return Buffer.compare(conditions(left), conditions(right)) === 0;
}

/** Why nothing can be said about any indicator of the two; undefined: there is no such reason. */
function obstacle(run: ComparedRun, baseline: ComparedRun): string | undefined {
  if (!isSameConditions(run.evidence, baseline.evidence)) {
    return 'The baseline was run under other conditions: nodes, links, chaos, drift or placement differ.';
  }
  if (run.evidence.environment.degraded || baseline.evidence.environment.degraded) {
    return 'The machine was too busy for the network it emulated.';
  }
  if (run.samples === undefined) return 'The signed events of this run are not in this workspace.';
  if (baseline.samples === undefined) {
    return 'The signed events of the baseline are not in this workspace.';
  }
  return undefined;
}

/** This run against its baseline, for every indicator both have. */
export function compareRuns(run: ComparedRun, baseline: ComparedRun): Comparison[] {
  const why = obstacle(run, baseline);
  return run.evidence.indicators.flatMap((indicator) => {
    const before = baseline.evidence.indicators.find(
      ({ name, metric }) => name === indicator.name && metric === indicator.metric,
    );
    if (before === undefined) return [];
    const obstructed = why ?? otherWay(indicator, before);
    if (obstructed !== undefined) return [inconclusive(indicator, obstructed)];
    // The signed events know what evidence of an earlier release does not say.
    const measuredBy = indicator.measuredBy ?? before.measuredBy;
    return [compare({ ...indicator, measuredBy }, run, baseline)];
  });
}

function otherWay(indicator: Indicator, before: Indicator): string | undefined {
  if (isMeasuredAlike(indicator, before)) return undefined;
  const tell = before.measuredBy === indicator.measuredBy ? withWhatItWentOver : waysOf;
  return `The baseline measured it by ${tell(before)}, this run by ${tell(indicator)}.`;
}

/** Evidence of earlier releases does not say that its probes went over the protocol. */
function withWhatItWentOver({ measuredBy, over = 'protocol' }: Indicator): string {
  return waysOf({ measuredBy, over });
}

function inconclusive({ name }: Indicator, sentence: string): Comparison {
  return { name, verdict: 'inconclusive', sentence };
}

function compare(indicator: Indicator, run: ComparedRun, baseline: ComparedRun): Comparison {
  const now = run.samples?.(indicator) ?? [];
  const before = baseline.samples?.(indicator) ?? [];
  const fewest = Math.min(now.length, before.length);
  if (fewest < LEAST_SAMPLES) {
    return inconclusive(indicator, `${fewest} measurements are too few to tell from chance.`);
  }
  return judge(indicator, rankTest(now, before));
}

/** Worse is up for what must stay low, down for what must stay high. */
function judge({ name, metric, comparator }: Indicator, test: RankTest): Comparison {
  const isUp = comparator === '<=';
  const [low, high] = test.deltaWithin;
  const worse = isUp ? [low, high] : [-high, -low];
  const [atLeast = 0, atMost = 0] = worse;
  const matters = metric.endsWith('-percent') ? MATTERS.share : MATTERS.time;
  const figures = { pValue: round(test.p), effect: round(test.delta) };
  const told = `Cliff's delta ${test.delta.toFixed(2)} (95 %: ${low.toFixed(2)} to ${high.toFixed(2)}), p ${test.p.toFixed(3)}`;
  if (test.p < SIGNIFICANT && atLeast > matters) {
    return { name, verdict: 'fail', sentence: `Worse than the baseline: ${told}.`, ...figures };
  }
  if (atMost < matters) {
    return { name, verdict: 'pass', sentence: `Not worse than the baseline: ${told}.`, ...figures };
  }
  const sentence = `It may be worse than the baseline, and may be not: ${told}.`;
  return { name, verdict: 'inconclusive', sentence, ...figures };
}

function round(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}
