import assert from 'node:assert/strict';
import { drawUint32, drawUnit } from '../../../src/base/random.ts';

describe('counter-based random', () => {
  it('gives the same draw for the same tuple, whatever was drawn before', () => {
    const alone = drawUint32(609, 3, 1, 1000);
    for (let k = 0; k < 1000; k++) drawUint32(609, 3, 1, k);
    assert.equal(drawUint32(609, 3, 1, 1000), alone);
  });

  it('is uniform over 64 buckets for every key position', () => {
    const positions = [
      (k: number) => drawUnit(k, 1, 2, 3),
      (k: number) => drawUnit(1, k, 2, 3),
      (k: number) => drawUnit(1, 2, k, 3),
      (k: number) => drawUnit(1, 2, 3, k),
    ];
    for (const draw of positions) {
      const buckets = new Array<number>(64).fill(0);
      const samples = 64_000;
      for (let k = 0; k < samples; k++) {
        const bucket = Math.floor(draw(k) * 64);
        buckets[bucket] = (buckets[bucket] ?? 0) + 1;
      }
      const expected = samples / 64;
      const chiSquare = buckets.reduce((sum, n) => sum + (n - expected) ** 2 / expected, 0);
      // 63 degrees of freedom: 103.4 is the 0.1 % point.
      assert.ok(chiSquare < 103.4, `chi-square ${chiSquare}`);
    }
  });

  it('gives uncorrelated draws for neighbouring packet numbers', () => {
    const samples = 50_000;
    let sum = 0;
    for (let k = 0; k < samples; k++) {
      sum += (drawUnit(7, 1, 0, k) - 0.5) * (drawUnit(7, 1, 0, k + 1) - 0.5);
    }
    const correlation = sum / samples / (1 / 12);
    assert.ok(Math.abs(correlation) < 0.02, `correlation ${correlation}`);
  });
});
