import { lowerBound } from '../../mesh/bound.ts';
import { leastDelays } from './plannedRun.ts';
import { CLOCK_STEP_MS, isPass, type Rule } from './rule.ts';

/** Numbers have 3 decimals. */
const HALF_STEP = 0.0005;

export const bandwidthModelIsThePlans: Rule = function* ({ evidence, planned }) {
  const { bandwidthModel } = evidence.network;
  if (planned === undefined || planned.table.bandwidth.model === bandwidthModel) return;
  yield `It counts with bandwidth "${bandwidthModel}"; the plan's is "${planned.table.bandwidth.model}".`;
};

/** With a rate the bound depends on the sizes of the chunks too; it is never below that without. */
export const lowerBoundFollows: Rule = function* ({ evidence, planned }) {
  if (planned === undefined) return;
  const { lowerBoundMs, bandwidthModel } = evidence.network;
  const least = lowerBound(planned.table, []).ms;
  const isExact = bandwidthModel === 'unlimited';
  const isFine = isExact
    ? Math.abs(lowerBoundMs - least) <= 2 * HALF_STEP
    : lowerBoundMs >= least - 2 * HALF_STEP;
  if (!isFine) {
    yield `Its lower bound is ${lowerBoundMs} ms; by the plan's delays it is ${isExact ? '' : 'at least '}${least.toFixed(3)} ms.`;
  }
};

export const efficiencyFollows: Rule = function* ({ evidence }) {
  const { efficiency, lowerBoundMs, disseminationMs } = evidence.network;
  const isMeasured = disseminationMs > 0;
  const expected = isMeasured ? lowerBoundMs / disseminationMs : 0;
  const slack = isMeasured ? HALF_STEP + ((1 + expected) * 2 * HALF_STEP) / disseminationMs : 0;
  if (Math.abs(efficiency - expected) > slack) {
    yield `Its efficiency is ${efficiency}; lower bound and dissemination make ${expected.toFixed(3)}.`;
  }
};

/** Each node stored something that left n0 after the first chunk did: it cannot be faster than the links between. */
export const spreadIsPossible: Rule = function* ({ evidence, planned }) {
  const { disseminationMs } = evidence.network;
  if (planned === undefined || disseminationMs === -1) return;
  const farthest = Math.max(...(leastDelays(planned)[0] ?? []));
  if (disseminationMs + CLOCK_STEP_MS < farthest) {
    yield `The content was spread in ${disseminationMs} ms, but to one node the plan's links take ${farthest} ms at least.`;
  }
};

/** -1: it was never completed. In a pass every node received everything. */
export const disseminationFollows: Rule = function* (claims) {
  const { disseminationMs } = claims.evidence.network;
  if (disseminationMs < 0 && disseminationMs !== -1) {
    yield 'The dissemination takes a negative time.';
  }
  if (isPass(claims) && disseminationMs === -1) {
    yield 'Every node received the content, but its dissemination was never completed.';
  }
};
