import assert from 'node:assert/strict';
import { verifyCapsim } from '../../../src/evidence/verify.ts';
import { degradedReasons } from '../../../src/model/timingBudget.ts';
import { TRUST } from '../../support/alteredEvidence.ts';
import { rehearsal, type Rehearsal } from '../../support/gateWorld.ts';
import { hostedNode } from '../../support/hostedNodes.ts';

/** A rehearsal in which the emulator kept its times, and what came to n1 on its host was late. */
function lateAt(p99: number, degraded: boolean): Rehearsal {
  const errorMs = { p50: 1, p90: 2, p99 };
  const arrivals = { errorMs, earlyMs: 0, links: [{ from: 'n0', count: 40, errorMs }] };
  return rehearsal({
    plan: { hosts: { n1: 'edge' } },
    observed: ({ environment }) => ({
      hosts: [hostedNode({ arrivals })],
      environment: { ...environment, degraded },
    }),
  });
}

describe('evidence of a run that is degraded only by what came late to another host', () => {
  it('is sealed, verifies, and says so with the reason', () => {
    const { bytes } = lateAt(40, true);
    const { exitCode, statement } = verifyCapsim(bytes, TRUST);
    assert.equal(exitCode, 0);
    const evidence = statement?.predicate.meshsim_evidence;
    assert.ok(evidence?.environment.degraded);
    assert.match(
      degradedReasons(evidence).join('; '),
      /^the p99 of the timing error of what came to n1 was 40\.0 ms, \d+\.\d times its budget of \d+\.\d ms$/,
    );
  });

  it('is not sealed when it does not say so, nor when it says so without a reason', () => {
    assert.throws(() => lateAt(40, false), /but it does not say that it is degraded/);
    assert.throws(() => lateAt(3, true), /but its timing error is within the budget/);
  });
});
