import type { Indicator } from '../../src/model/indicator.ts';

type Objective = Pick<Indicator, 'metric' | 'comparator' | 'threshold'>;

/** Where 100 % stands, as a share of the width of the bar: the same in every row, so that rows compare. */
export const FULL_BUDGET = 0.8;

/**
 * Share of the budget that a measured value uses: 1 is exactly the objective, above it is missed. At most: measured over
 * objective. At least, of a percentage such as availability: what is missing of 100 over what may be missing. At least, of
 * anything else: objective over measured. Infinity where there is no budget and some of it is used.
 */
export function budgetUsed({ metric, comparator, threshold }: Objective, value: number): number {
  if (comparator === '<=') return ratio(value, threshold);
  return metric.endsWith('-percent')
    ? ratio(100 - value, 100 - threshold)
    : ratio(threshold, value);
}

function ratio(used: number, budget: number): number {
  if (used <= 0) return 0;
  return budget <= 0 ? Infinity : used / budget;
}

/** Share of the bar's width, 0 to 1: more than a quarter over the budget looks like a quarter. */
export function budgetWidth(used: number): number {
  return Math.min(1, used * FULL_BUDGET);
}

export type Change = 'better' | 'worse' | 'same';

/** Smaller relative changes are called the same: three significant digits are shown. */
const SAME = 0.0005;

export function changeOf(
  { comparator }: Pick<Objective, 'comparator'>,
  value: number,
  baseline: number,
): Change {
  const change = value - baseline;
  if (Math.abs(change) <= SAME * Math.abs(baseline)) return 'same';
  return change < 0 === (comparator === '<=') ? 'better' : 'worse';
}
