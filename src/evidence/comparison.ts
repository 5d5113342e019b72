import { compareSamples, inconclusive, TOO_BUSY } from '../model/comparedSamples.ts';
import type { Comparison } from '../model/comparison.ts';
import type { EvidenceExtension } from '../model/evidence.ts';
import type { Indicator } from '../model/indicator.ts';
import { isMeasuredAlike, waysOf } from '../model/measuredBy.ts';
import { canonicalBytes } from '../signing/canonicalJson.ts';

/** One side of a comparison. */
export interface ComparedRun {
  readonly evidence: Pick<EvidenceExtension, 'plan' | 'environment' | 'indicators'>;
  /** The single measurements behind an indicator; undefined: the signed events are not here. */
  readonly samples: ((indicator: Indicator) => readonly number[]) | undefined;
}

/** The plan without what may differ between comparable runs. */
function conditions({ plan }: ComparedRun['evidence']): Uint8Array {
  const { world, params, topology, bandwidth = null, access = null, chaos, drift } = plan;
  const { placement = null } = plan;
  const isUpgraded = plan.upgrade !== undefined;
  return canonicalBytes({
    world,
    params,
    topology,
    bandwidth,
    ...(access && { access }),
    chaos,
    drift,
    placement,
    isUpgraded,
  });
}

export function isSameConditions(
  left: ComparedRun['evidence'],
  right: ComparedRun['evidence'],
): boolean {
  return Buffer.compare(conditions(left), conditions(right)) === 0;
}

/** What the two are called in sentences. */
export interface ComparedNames {
  readonly run: string;
  readonly baseline: string;
}
const NAMES: ComparedNames = { run: 'this run', baseline: 'the baseline' };

/** Why nothing can be said about any measurement of the two; undefined: there is no such reason. */
export function obstacle(
  run: ComparedRun,
  baseline: ComparedRun,
  names: ComparedNames = NAMES,
): string | undefined {
  if (!isSameConditions(run.evidence, baseline.evidence)) {
    return `${sentenceStart(names.baseline)} was run under other conditions: nodes, links, chaos, drift or placement differ, or one upgraded its nodes.`;
  }
  if (run.evidence.environment.degraded || baseline.evidence.environment.degraded) {
    return TOO_BUSY;
  }
  const missing = [
    ...(run.samples === undefined ? [names.run] : []),
    ...(baseline.samples === undefined ? [names.baseline] : []),
  ][0];
  return missing && `The signed events of ${missing} are not in this workspace.`;
}

function sentenceStart(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

/** A run against its baseline, for every indicator both have. */
export function compareRuns(
  run: ComparedRun,
  baseline: ComparedRun,
  names: ComparedNames = NAMES,
): Comparison[] {
  const why = obstacle(run, baseline, names);
  return run.evidence.indicators.flatMap((indicator) => {
    const before = baseline.evidence.indicators.find(
      ({ name, metric }) => name === indicator.name && metric === indicator.metric,
    );
    if (before === undefined) return [];
    const obstructed = why ?? otherWay(indicator, before, names);
    if (obstructed !== undefined) return [inconclusive(indicator, obstructed)];
    // The signed events know what evidence of an earlier release does not say.
    const measuredBy = indicator.measuredBy ?? before.measuredBy;
    return [compare({ ...indicator, measuredBy }, run, baseline, names)];
  });
}

function otherWay(
  indicator: Indicator,
  before: Indicator,
  { run, baseline }: ComparedNames,
): string | undefined {
  if (isMeasuredAlike(indicator, before)) return undefined;
  const tell = before.measuredBy === indicator.measuredBy ? withWhatItWentOver : waysOf;
  return `${sentenceStart(baseline)} measured it by ${tell(before)}, ${run} by ${tell(indicator)}.`;
}

/** Evidence of earlier releases does not say that its probes went over the protocol. */
function withWhatItWentOver({ measuredBy, over = 'protocol' }: Indicator): string {
  return waysOf({ measuredBy, over });
}

function compare(
  indicator: Indicator,
  run: ComparedRun,
  baseline: ComparedRun,
  names: ComparedNames,
): Comparison {
  const now = run.samples?.(indicator) ?? [];
  const before = baseline.samples?.(indicator) ?? [];
  return compareSamples(indicator, now, before, names.baseline);
}
