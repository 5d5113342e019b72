import assert from 'node:assert/strict';
import { daysOf, rowOf } from '../../../src/host/timelineTree.ts';
import type { ProvenanceRun } from '../../../src/model/api.ts';

const PASSED: ProvenanceRun = {
  runId: 'a'.repeat(64),
  index: 4,
  at: '2026-03-02T10:00:00.000Z',
  kind: 'simulation',
  capsuleHash: 'b'.repeat(64),
  product: 'harbor-pay',
  title: 'Mesh-sim, 5 nodes',
  summary: 'READY 5/5',
  status: 'pass',
  isProven: true,
};

describe('the provenance tree', () => {
  it('groups runs by day and keeps their order', () => {
    const earlier = { ...PASSED, at: '2026-03-01T23:59:59.000Z' };

    const days = daysOf([PASSED, PASSED, earlier]);

    assert.deepEqual(
      days.map(({ day, runs }) => [day, runs.length]),
      [
        ['2026-03-02', 2],
        ['2026-03-01', 1],
      ],
    );
  });

  it('says the outcome as a word and marks evidence in the tooltip', () => {
    const row = rowOf(PASSED);

    assert.equal(row.description, 'PASS · READY 5/5');
    assert.match(row.tooltip, /^Simulation Evidence\n/);
    assert.equal(row.contextValue, 'meshSim.simulation.pass');
  });

  it('says when an entry is not proven', () => {
    assert.match(rowOf({ ...PASSED, isProven: false }).tooltip, /not proven/);
  });
});
