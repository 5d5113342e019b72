import assert from 'node:assert/strict';
import { atLeast, atMost } from '../../../src/evidence/binomial.ts';
import { LOSS_SIGNIFICANCE, packetsToTell } from '../../../src/model/lossSample.ts';

/** By adding up the probabilities, each from the one before. */
function summed(k: number, n: number, p: number): number {
  let term = (1 - p) ** n;
  let sum = term;
  for (let i = 1; i <= k; i += 1) {
    term *= ((n - i + 1) / i) * (p / (1 - p));
    sum += term;
  }
  return sum;
}

describe('binomial tails', () => {
  it('are the sums of their probabilities', () => {
    for (const n of [1, 7, 60, 195, 688]) {
      for (const p of [0.001, 0.01, 0.2, 0.5, 0.6]) {
        for (const k of [0, 1, 3, Math.floor(n * p), Math.floor(n / 2), n - 1]) {
          if (k < 0 || k >= n) continue;
          const expected = summed(k, n, p);
          assert.ok(Math.abs(atMost(k, n, p) - expected) < 1e-10, `${k} of ${n} at ${p}`);
          assert.ok(
            Math.abs(atLeast(k + 1, n, p) - (1 - expected)) < 1e-10,
            `${k} of ${n} at ${p}`,
          );
        }
      }
    }
  });

  it('say with the least sample that tells, and not with one packet fewer, that no loss is too little', () => {
    for (const p of [0.001, 0.01, 0.04, 0.2, 0.6]) {
      const needed = packetsToTell(p);
      assert.ok(atMost(0, needed, p) <= LOSS_SIGNIFICANCE);
      assert.ok(atMost(0, needed - 1, p) > LOSS_SIGNIFICANCE);
    }
    assert.equal(packetsToTell(0.01), 688);
  });
});
