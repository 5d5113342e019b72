import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { NodeReport } from '../../../src/model/evidence.ts';
import type { Invariant } from '../../../src/model/invariants.ts';
import { causeOf, outcomeOf } from '../../../src/model/outcome.ts';

const WHEN = '2026-11-25T12:00:00.000Z';

function report(nodeId: string, ends: readonly ['ok' | 'error', string?][]): NodeReport {
  const phases = ends.map(([status, details]) => ({
    name: 'receive',
    start: WHEN,
    end: WHEN,
    status,
    ...(details === undefined ? {} : { details }),
  }));
  return { nodeId, phases, signatureVerified: true };
}

const broken: Invariant = {
  name: 'converged',
  observed: 'violated',
  details: 'n3 is not healthy.',
};

describe('the outcome', () => {
  const healthy = [
    {
      ...report('n0', [['ok']]),
      phases: [{ name: 'healthy', start: WHEN, end: WHEN, status: 'ok' as const }],
    },
  ];

  it('is not decided by an invariant that could not be observed, as it is by one that was violated', () => {
    const unobserved: Invariant = { ...broken, observed: 'not-observed' };
    assert.equal(outcomeOf(healthy, [unobserved], true), 'pass');
    assert.equal(outcomeOf(healthy, [unobserved, broken], true), 'fail');
  });

  it('follows from what schema v1 said as it did then', () => {
    const stated = (passed: boolean) => [{ name: 'converged', passed, details: '' }];
    assert.equal(outcomeOf(healthy, stated(true), true), 'pass');
    assert.equal(outcomeOf(healthy, stated(false), true), 'fail');
  });
});

describe('the cause of a failed run', () => {
  it('is the node that did not end well, not one that was killed and came back', () => {
    const reports = [
      report('n1', [['error', 'The node was killed.'], ['ok']]),
      report('n2', [['ok'], ['error', 'n2 halted in verify.']]),
    ];
    assert.equal(causeOf(reports, [broken]), 'n2 halted in verify.');
  });

  it('is the broken invariant where all nodes ended well', () => {
    assert.equal(causeOf([report('n1', [['ok']])], [broken]), 'n3 is not healthy.');
  });

  it('is what stopped an upgrade, not the faults that its later waves were to bring', () => {
    const unfired: Invariant = { ...broken, details: 'Fault 4 never fired: wave 4 never began.' };
    const stopped: Invariant = { ...broken, name: 'checks-held', details: 'The check failed.' };
    assert.equal(causeOf([report('n1', [['ok']])], [unfired, stopped]), 'The check failed.');
  });

  it('is empty where nothing says it', () => {
    assert.equal(causeOf([report('n1', [])], []), '');
  });
});
