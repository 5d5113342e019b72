import {
  compareSamples,
  inconclusive,
  judgedBy,
  LEAST_SAMPLES,
  TOO_BUSY,
  tooFew,
} from './comparedSamples.ts';
import type { Comparison } from './comparison.ts';
import type { WindowIndicator } from './indicator.ts';

/** Whether what services promise was worse while nodes ran different Capsules than before the first was moved. Carries no validator. */

const THAN = 'before the upgrade';

/** Whoever wrote the evidence said how many answers there were: more than these are not made up again to compare them. */
const MOST_ANSWERS = 20_000;

/** The same objective in both windows. */
export interface ComparedWindows {
  readonly mixed: WindowIndicator;
  readonly before: WindowIndicator;
}

/** Of the indicators of an upgrade, those of which there is something to compare, in their order. */
export function comparedWindows(indicators: readonly WindowIndicator[]): ComparedWindows[] {
  return indicators.flatMap((mixed) => {
    if (mixed.window !== 'mixed') return [];
    const before = indicators.find(
      ({ window, name, metric }) =>
        window === 'before' && name === mixed.name && metric === mixed.metric,
    );
    return before === undefined ? [] : [{ mixed, before }];
  });
}

/**
 * @param samples the single measurements behind an indicator
 * @param isDegraded the network did not keep to its plan
 */
export function compareWindows(
  indicators: readonly WindowIndicator[],
  samples: (indicator: WindowIndicator) => readonly number[],
  isDegraded: boolean,
): Comparison[] {
  return comparedWindows(indicators).map(({ mixed, before }) =>
    isDegraded
      ? inconclusive(mixed, TOO_BUSY)
      : compareSamples(mixed, samples(mixed), samples(before), THAN),
  );
}

/**
 * What a comparison has to be by the figures it states, and of an availability by how many answers there were; undefined: it lacks
 * figures.
 */
export function comparisonOf(
  { mixed, before }: ComparedWindows,
  { pValue, effect, effectWithin }: Comparison,
  isDegraded: boolean,
): Comparison | undefined {
  if (isDegraded) return inconclusive(mixed, TOO_BUSY);
  const most = Math.max(mixed.sampleSize, before.sampleSize);
  if (mixed.metric === 'availability-percent' && most <= MOST_ANSWERS) {
    return compareSamples(mixed, answersOf(mixed), answersOf(before), THAN);
  }
  const fewest = Math.min(mixed.sampleSize, before.sampleSize);
  if (fewest < LEAST_SAMPLES) return inconclusive(mixed, tooFew(fewest));
  if (pValue === undefined || effect === undefined || effectWithin === undefined) return undefined;
  return judgedBy(mixed, { pValue, effect, effectWithin }, THAN);
}

/** A share is of so many answers: 1 for each that was good, 0 for each that was not. */
function answersOf({ value, sampleSize }: WindowIndicator): number[] {
  const good = Math.round((value * sampleSize) / 100);
  return Array.from({ length: sampleSize }, (_, at) => (at < good ? 1 : 0));
}
