import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { Invariant, NodeReport } from '../../../src/model/evidence.ts';
import { causeOf } from '../../../src/model/outcome.ts';

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

const broken: Invariant = { name: 'converged', passed: false, details: 'n3 is not healthy.' };

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

  it('is empty where nothing says it', () => {
    assert.equal(causeOf([report('n1', [])], []), '');
  });
});
