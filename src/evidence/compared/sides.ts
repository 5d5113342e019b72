import type { ComparedNames } from '../comparison.ts';

/** What the two are called in sentences: B is held against A. */
export const SIDES: ComparedNames = { run: 'B', baseline: 'A' };

/** What there is of the two: JSON has no undefined. */
export function both<T>(a: T | undefined, b: T | undefined): { a?: T; b?: T } {
  return { ...(a === undefined ? {} : { a }), ...(b === undefined ? {} : { b }) };
}
