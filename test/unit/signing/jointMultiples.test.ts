import assert from 'node:assert/strict';
import { Point } from '@noble/ed25519';
import fc from 'fast-check';
import { jointSum, Multiples } from '../../../src/signing/jointMultiples.ts';

const ORDER = Point.CURVE().n;
const OTHER = Point.BASE.multiply(0xc0ffeen, false);
/** Where parts of a scalar begin and end, and digits carry. */
const EDGES = [0n, 1n, 15n, 16n, 17n, 31n, 32n, 2n ** 64n - 1n, 2n ** 64n, 2n ** 192n, ORDER - 1n];

const multipliedOneByOne = (a: bigint, b: bigint) =>
  Point.BASE.multiply(a, false).add(OTHER.multiply(b, false));

describe('signing: sums of multiplied points', () => {
  const base = new Multiples(Point.BASE);
  const other = new Multiples(OTHER);
  const scalar = fc.oneof(fc.constantFrom(...EDGES), fc.bigInt({ min: 0n, max: ORDER - 1n }));

  it('are those of the library, one point after another', () => {
    const property = fc.property(scalar, scalar, (a, b) => {
      const sum = jointSum([
        [a, base],
        [b, other],
      ]);
      assert.ok(sum.equals(multipliedOneByOne(a, b)));
    });
    fc.assert(property, { numRuns: 100 });
  });

  it('are the neutral point for none', () => {
    assert.ok(jointSum([]).is0());
    assert.ok(jointSum([[0n, base]]).is0());
  });

  it('take scalars up to 2^256', () => {
    const sum = jointSum([[2n ** 256n - 1n, base]]);
    assert.ok(sum.equals(Point.BASE.multiply((2n ** 256n - 1n) % ORDER, false)));
  });
});
