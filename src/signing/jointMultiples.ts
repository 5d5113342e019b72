import { Point } from '@noble/ed25519';

/** Scalars below 2^256 are taken in parts of this many bits, so that all parts share the doublings of one. */
const PART_BITS = 64n;
const PARTS = 4;
const PART_MASK = (1n << PART_BITS) - 1n;

/** Width of the digits: odd and below 2^(WIDTH − 1) in size, or zero. */
const WIDTH = 5n;
const DIGIT_SPAN = 1n << WIDTH;
const ODD_MULTIPLES = Number(DIGIT_SPAN / 4n);

/** A point with what its multiplication needs again and again: P, 3P, 5P … of P and of its 2^64, 2^128 and 2^192 fold. */
export class Multiples {
  readonly #parts: readonly (readonly Point[])[];

  constructor(point: Point) {
    const parts: Point[][] = [];
    for (let base = point; parts.length < PARTS; base = doubled(base, PART_BITS)) {
      parts.push(oddMultiplesOf(base));
    }
    this.#parts = parts;
  }

  /** `digit` times the point of that part; the digit is odd. */
  times(digit: number, part: number): Point {
    const multiple = this.#parts[part]?.[Math.abs(digit) >> 1] ?? Point.ZERO;
    return digit < 0 ? multiple.negate() : multiple;
  }
}

/**
 * The sum of scalar · point; scalars are at least 0 and below 2^256. One run of doublings serves all of them (interleaved
 * multiplication with signed digits: Möller, "Algorithms for multi-exponentiation", SAC 2001). Takes a time that depends on the
 * scalars: for public ones only.
 */
export function jointSum(terms: readonly (readonly [scalar: bigint, point: Multiples])[]): Point {
  const rows = terms.flatMap(([scalar, point]) =>
    Array.from({ length: PARTS }, (_, part) => ({
      point,
      part,
      digits: signedDigits((scalar >> (PART_BITS * BigInt(part))) & PART_MASK),
    })),
  );
  let sum = Point.ZERO;
  for (let place = Number(PART_BITS); place >= 0; place -= 1) {
    sum = sum.double();
    for (const { point, part, digits } of rows) {
      const digit = digits[place] ?? 0;
      if (digit !== 0) sum = sum.add(point.times(digit, part));
    }
  }
  return sum;
}

/** Digit i counts 2^i; among WIDTH digits in a row, one at most is not zero. */
function signedDigits(scalar: bigint): number[] {
  const digits: number[] = [];
  for (let rest = scalar; rest > 0n; rest >>= 1n) {
    let digit = 0n;
    if ((rest & 1n) === 1n) {
      digit = rest % DIGIT_SPAN;
      if (digit > DIGIT_SPAN / 2n) digit -= DIGIT_SPAN;
      rest -= digit;
    }
    digits.push(Number(digit));
  }
  return digits;
}

function oddMultiplesOf(point: Point): Point[] {
  const twice = point.double();
  const multiples = [point];
  for (let last = point; multiples.length < ODD_MULTIPLES; multiples.push(last)) {
    last = last.add(twice);
  }
  return multiples;
}

function doubled(point: Point, times: bigint): Point {
  let result = point;
  for (let i = 0n; i < times; i += 1n) result = result.double();
  return result;
}
