import assert from 'node:assert/strict';
import type { Comparison } from '../../../src/model/comparison.ts';
import type { RunObservation } from '../../../src/model/observation.ts';
import { judgeRegression } from '../../../src/studio/runs/regression.ts';
import type { Workspace } from '../../../src/studio/workspace/workspace.ts';
import { upgradeObservation } from '../../support/upgradeObservation.ts';

/** Nothing was run in it before. */
const EMPTY = { hasLedger: () => false } as unknown as Workspace;

const WORSE: Comparison = {
  ...{ name: 'web: quick', verdict: 'fail', sentence: 'Worse than before the upgrade.' },
};

async function judged(...comparisons: Comparison[]): Promise<RunObservation> {
  const observation = await upgradeObservation();
  const { plan, upgrade } = observation;
  if (upgrade === undefined) throw new Error('It has an upgrade.');
  return judgeRegression(EMPTY, {
    ...observation,
    plan: { ...plan, failOnRegression: true },
    upgrade: { ...upgrade, comparisons },
  });
}

describe('a regression within an upgrade', () => {
  it('fails a run whose plan does not allow one, with the objective', async () => {
    const { outcome, cause, invariants } = await judged(WORSE);
    assert.equal(outcome, 'fail');
    assert.equal(cause, 'Worse than before the upgrade: web: quick.');
    assert.equal(invariants.at(-1)?.observed, 'violated');
  });

  it('is none where nothing was shown to be worse, and is not observed where nothing was compared', async () => {
    const held = await judged({ ...WORSE, verdict: 'pass' }, { ...WORSE, verdict: 'inconclusive' });
    assert.equal(held.outcome, 'pass');
    assert.equal(
      held.invariants.at(-1)?.details,
      'No indicator is shown to be worse than before the upgrade: 1 are not, 1 are inconclusive. There is no earlier passing run to compare with.',
    );
    assert.equal((await judged()).invariants.at(-1)?.observed, 'not-observed');
  });
});
