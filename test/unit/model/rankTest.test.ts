import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { rankTest } from '../../../src/model/rankTest.ts';

const near = (found: number, expected: number, within: number): void =>
  assert.ok(Math.abs(found - expected) <= within, `${found} is not ${expected}`);

describe('the rank test', () => {
  it('finds the U and exact p of the tortoises and hares', () => {
    // T H H H H H T T T T T H: ranks of arrival; tortoises win 25 of 36 races.
    const tortoises = [1, 7, 8, 9, 10, 11];
    const hares = [2, 3, 4, 5, 6, 12];
    const { u, p } = rankTest(tortoises, hares);
    assert.equal(u, 25);
    near(p, 0.3095, 5e-4);
  });

  it('gives the exact p of complete separation: 2 / C(10, 5)', () => {
    const { u, p, delta } = rankTest([6, 7, 8, 9, 10], [1, 2, 3, 4, 5]);
    assert.equal(u, 25);
    near(p, 2 / 252, 1e-12);
    assert.equal(delta, 1);
  });

  it('agrees with the critical value of the tables: U = 23 at 10 and 10 is the last below 0.05', () => {
    // Left holds the ranks whose sum is n(n + 1) / 2 + U.
    const ofU = (u: number) => {
      const left = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
      for (let moved = 0, at = 9; moved < u; at = at === 0 ? 9 : at - 1) {
        const room = (at === 9 ? 20 : (left[at + 1] ?? 0) - 1) - (left[at] ?? 0);
        const step = Math.min(room, u - moved);
        left[at] = (left[at] ?? 0) + step;
        moved += step;
      }
      const right = Array.from({ length: 20 }, (_, i) => i + 1).filter((r) => !left.includes(r));
      return rankTest(left, right);
    };
    assert.equal(ofU(23).u, 23);
    assert.ok(ofU(23).p <= 0.05 && ofU(24).p > 0.05);
  });

  it('counts ties half and corrects the normal approximation for them', () => {
    // Ranks 2, 2, 4.5, 6 against 2, 4.5, 7, 8: U = 4.5; variance 16/12 · (9 − 30/56); z = 3/√11.286.
    const { u, p } = rankTest([1, 1, 2, 3], [1, 2, 4, 5]);
    assert.equal(u, 4.5);
    near(p, 0.3719, 5e-4);
  });

  it('is the same from both sides, with the sign turned', () => {
    const left = [3, 1, 4, 1, 5, 9, 2, 6];
    const right = [2, 7, 1, 8, 2, 8];
    const [one, other] = [rankTest(left, right), rankTest(right, left)];
    assert.equal(one.p, other.p);
    near(one.delta, -other.delta, 1e-12);
    near(one.deltaWithin[0], -other.deltaWithin[1], 1e-12);
  });

  it('says nothing of samples that are all the same', () => {
    const { p, delta } = rankTest([7, 7, 7], [7, 7]);
    assert.deepEqual([p, delta], [1, 0]);
  });

  it('takes of zeros and ones the difference of their shares for the effect', () => {
    const ofShare = (ones: number) => Array.from({ length: 100 }, (_, at) => (at < ones ? 1 : 0));
    const { delta, deltaWithin } = rankTest(ofShare(90), ofShare(100));
    near(delta, -0.1, 1e-12);
    // Near the interval of a share of 0.1 in 100: ± 1.96 · √(0.09 / 99).
    near(deltaWithin[0], -0.159, 0.01);
    near(deltaWithin[1], -0.041, 0.01);
  });

  it('refuses to compare with nothing', () => {
    assert.throws(() => rankTest([], [1]), RangeError);
  });
});
