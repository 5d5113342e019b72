import { isDeepStrictEqual } from 'node:util';
import { REGRESSION_INVARIANT } from '../../model/invariants.ts';
import { comparedWindows, comparisonOf } from '../../model/windowComparisons.ts';
import { observationOf, type Rule } from './rule.ts';

/** What services promise while nodes run different Capsules, against how it was before. */

/** Each indicator of both windows is compared once, in order, and the verdict and its sentence follow from the figures. */
export const comparisonsFollow: Rule = function* ({ evidence, upgrade }) {
  if (upgrade === undefined) return;
  const { comparisons, indicators } = upgrade.report;
  const compared = comparedWindows(indicators);
  if (comparisons.length !== compared.length) {
    yield `It compares ${comparisons.length} indicators of the window "mixed" with those before, and has ${compared.length} of both.`;
  }
  for (const [at, comparison] of comparisons.entries()) {
    const windows = compared[at];
    if (windows === undefined) continue;
    const follows = comparisonOf(windows, comparison, evidence.environment.degraded);
    if (!isDeepStrictEqual(comparison, follows)) {
      yield `What it says of "${comparison.name}" in the window "mixed" against before does not follow from its figures.`;
    }
  }
};

/** Where a regression fails the run, one within the upgrade does. */
export const worseWindowsFail: Rule = function* (claims) {
  const { plan, upgrade } = claims;
  const worse = upgrade?.report.comparisons.find(({ verdict }) => verdict === 'fail');
  if (plan.failOnRegression !== true || worse === undefined) return;
  if (observationOf(claims, REGRESSION_INVARIANT) === 'violated') return;
  yield `"${worse.name}" was worse in the window "mixed" than before, but it does not say so of "${REGRESSION_INVARIANT}".`;
};
