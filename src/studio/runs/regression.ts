import type { Evidence } from '../../model/api.ts';
import { REGRESSION_INVARIANT, isViolated, type Invariant } from '../../model/invariants.ts';
import { nameWithWay } from '../../model/measuredBy.ts';
import type { RunObservation } from '../../model/observation.ts';
import { baselineOf } from './baseline.ts';
import type { Workspace } from '../workspace/workspace.ts';

/**
 * The observation with the invariant `no-regression`, where its plan asks for it: an indicator that is shown to be worse than
 * the baseline fails the run. What is inconclusive fails nothing; without a baseline nothing was observed, and the sentence says so.
 */
export async function judgeRegression(
  workspace: Workspace,
  observation: RunObservation,
): Promise<RunObservation> {
  const { plan, simId, indicators, environment, events } = observation;
  if (plan.failOnRegression !== true) return observation;
  const baseline = await baselineOf(workspace, {
    ...{ plan, environment, indicators: [...indicators] },
    result: { simId, capsuleHash: plan.capsuleHash },
    events: { digest: { sha256: events.digest } },
  });
  const invariant = noRegression(baseline, observation);
  const judged = { ...observation, invariants: [...observation.invariants, invariant] };
  if (!isViolated(invariant) || observation.outcome === 'fail') return judged;
  return { ...judged, outcome: 'fail', cause: invariant.details };
}

type Measured = Pick<RunObservation, 'indicators' | 'upgrade'>;

function noRegression(
  baseline: Evidence['baseline'],
  { indicators, upgrade }: Measured,
): Invariant {
  const name = REGRESSION_INVARIANT;
  const within = upgrade?.comparisons ?? [];
  const against = [
    ...(baseline === undefined ? [] : [{ than: `in simulation ${baseline.simId}`, ...baseline }]),
    ...(within.length === 0 ? [] : [{ than: 'before the upgrade', comparisons: within }]),
  ];
  const missing = baseline === undefined ? 'There is no earlier passing run to compare with.' : '';
  if (against.length === 0) return { name, observed: 'not-observed', details: missing };
  const wayOf = (of: string) => indicators.find((one) => one.name === of)?.measuredBy;
  const worse = against.flatMap(({ than, comparisons }) => {
    const failed = comparisons.filter(({ verdict }) => verdict === 'fail');
    const names = failed.map((one) => nameWithWay(one.name, wayOf(one.name)));
    return names.length === 0 ? [] : [`Worse than ${than}: ${names.join('; ')}.`];
  });
  if (worse.length > 0) return { name, observed: 'violated', details: worse.join(' ') };
  const held = against.map(({ than, comparisons }) => {
    const count = (verdict: string) => comparisons.filter((one) => one.verdict === verdict).length;
    return `No indicator is shown to be worse than ${than}: ${count('pass')} are not, ${count('inconclusive')} are inconclusive.`;
  });
  return { name, observed: 'held', details: [...held, missing].join(' ').trim() };
}
