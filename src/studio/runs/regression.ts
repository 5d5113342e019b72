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
  const invariant = noRegression(baseline, indicators);
  const judged = { ...observation, invariants: [...observation.invariants, invariant] };
  if (!isViolated(invariant) || observation.outcome === 'fail') return judged;
  return { ...judged, outcome: 'fail', cause: invariant.details };
}

function noRegression(
  baseline: Evidence['baseline'],
  indicators: RunObservation['indicators'],
): Invariant {
  const name = REGRESSION_INVARIANT;
  if (baseline === undefined) {
    return {
      name,
      observed: 'not-observed',
      details: 'There is no earlier passing run to compare with.',
    };
  }
  const told = `simulation ${baseline.simId}`;
  const of = (verdict: string) => baseline.comparisons.filter((one) => one.verdict === verdict);
  const wayOf = (name: string) => indicators.find((one) => one.name === name)?.measuredBy;
  const worse = of('fail').map(({ name }) => nameWithWay(name, wayOf(name)));
  if (worse.length > 0) {
    return { name, observed: 'violated', details: `Worse than in ${told}: ${worse.join('; ')}.` };
  }
  const details = `No indicator is shown to be worse than in ${told}: ${of('pass').length} are not, ${of('inconclusive').length} are inconclusive.`;
  return { name, observed: 'held', details };
}
