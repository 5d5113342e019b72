import assert from 'node:assert/strict';
import { latencyTable } from '../../../src/cli/latencyTable.ts';
import { paintFor, visibleLength } from '../../../src/cli/paint.ts';

const MATRIX = [
  [0, 41.23, 180],
  [39.9, 0, -1],
  [100, 60, 0],
];

describe('the latency table', () => {
  it('shows row to column with one decimal, nothing on the diagonal, a dash where unreachable', () => {
    assert.deepEqual(latencyTable(MATRIX, [40, 180], paintFor(false)), [
      '         n0     n1     n2',
      'n0            41.2  180.0',
      'n1     39.9             –',
      'n2    100.0   60.0       ',
    ]);
  });

  it('has the same shape in colour', () => {
    const plain = latencyTable(MATRIX, [40, 180], paintFor(false));
    const painted = latencyTable(MATRIX, [40, 180], paintFor(true));
    assert.deepEqual(painted.map(visibleLength), plain.map(visibleLength));
    assert.notDeepEqual(painted, plain);
  });
});
