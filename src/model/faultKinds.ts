import type { FaultEffect } from './faultSchemas.ts';

/** Kinds of faults, by the key that names each in a plan. What differs by kind stands in tables: one entry for each. */
export const FAULT_KINDS = [
  'kill',
  'partition',
  'degradeLink',
  'slow',
  'corruptChunks',
  'byzantine',
  'pause',
  'killService',
  'refuse',
  'dns',
  'fillDisk',
] as const;

export type FaultKind = (typeof FAULT_KINDS)[number];

/** What a plan says of a fault of this kind. */
export type EffectOf<Kind extends FaultKind> = Extract<FaultEffect, Record<Kind, unknown>>;

/** What there is to say, or to do, for each kind. */
export type ByKind<Result, More extends readonly unknown[] = []> = {
  readonly [Kind in FaultKind]: (effect: EffectOf<Kind>, ...more: More) => Result;
};

export function kindOf(effect: FaultEffect): FaultKind {
  const kind = FAULT_KINDS.find((one) => one in effect);
  if (kind === undefined) throw new TypeError('a fault of no kind');
  return kind;
}

/** What the table has for the effect's kind. */
export function byKind<Result, More extends readonly unknown[]>(
  table: ByKind<Result, More>,
  effect: FaultEffect,
  ...more: More
): Result {
  const entry = table[kindOf(effect)] as (of: FaultEffect, ...rest: More) => Result;
  return entry(effect, ...more);
}
