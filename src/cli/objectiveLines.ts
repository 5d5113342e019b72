import type { Evidence } from '../model/api.ts';
import type { Comparison } from '../model/comparison.ts';
import type { Indicator } from '../model/indicator.ts';
import { isMeasuredAlike, waysOf } from '../model/measuredBy.ts';
import { metricAmount, metricBound } from '../model/metricAmount.ts';
import { padVisible, type Paint } from './paint.ts';

export type Baseline = NonNullable<Evidence['baseline']>;

/** What services promised and what was measured, missed ones first; nothing where nothing was measured. */
export function objectiveLines(
  indicators: readonly Indicator[],
  baseline: Baseline | undefined,
  paint: Paint,
): string[] {
  if (indicators.length === 0) return [];
  const met = indicators.filter(({ passed }) => passed).length;
  const kind = baseline?.isPinned === true ? 'pinned' : 'baseline';
  const against = baseline === undefined ? '' : `, ${kind} ${baseline.simId.slice(0, 8)}`;
  const width = Math.max(...indicators.map(({ name }) => name.length));
  return [
    paint('bold', 'Objectives') + paint('dim', `  ${met} of ${indicators.length} met${against}`),
    ...[...indicators]
      .sort((left, right) => Number(left.passed) - Number(right.passed))
      .map((indicator) => line(indicator, baseline, width, paint)),
    '',
  ];
}

function line(
  indicator: Indicator,
  baseline: Baseline | undefined,
  width: number,
  paint: Paint,
): string {
  const { name, metric, value, passed } = indicator;
  const mark = passed ? paint('green', '✔') : paint('red', '✖');
  const wanted = metricBound(indicator);
  const before = baseline?.indicators.find(
    (one) => one.name === name && isMeasuredAlike(one, indicator),
  );
  const comparison = baseline?.comparisons.find((one) => one.name === name);
  const told = [
    padVisible(metricAmount(metric, value), 11),
    padVisible(wanted, 13),
    paint('dim', padVisible(samples(indicator), 11)),
    ...(before === undefined ? [] : [paint('dim', `was ${metricAmount(metric, before.value)}`)]),
    ...(comparison === undefined ? [] : [verdict(comparison, paint)]),
  ];
  return `${mark} ${name.padEnd(width)}  ${told.join(' ')}`.trimEnd();
}

function verdict({ verdict, sentence }: Comparison, paint: Paint): string {
  if (verdict === 'fail') return paint('yellow', `worse (${sentence})`);
  return paint('dim', verdict === 'pass' ? 'held' : 'inconclusive');
}

/** How many, and of what where that is not plain from the metric. */
function samples({ sampleSize, ...measuring }: Indicator): string {
  return measuring.measuredBy === undefined
    ? `n ${sampleSize}`
    : `${sampleSize} ${waysOf(measuring)}`;
}
