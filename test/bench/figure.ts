/** How the figures of one kind spread over the rounds. */
export interface Spread {
  readonly median: number;
  readonly q1: number;
  readonly q3: number;
  readonly rounds: number;
  /** Rounds during which the machine was busy with something else. */
  readonly noisyRounds: number;
}

export type Target =
  | { readonly comparator: '<=' | '>='; readonly value: number }
  | { readonly comparator: 'within'; readonly low: number; readonly high: number };

/** One line of the report. */
export interface Figure {
  readonly suite: string;
  readonly name: string;
  readonly unit: string;
  readonly spread: Spread;
  readonly target?: Target;
  /** Absent without a target. The median decides. */
  readonly reached?: boolean;
  readonly noisy: boolean;
  /** What the figure was compared with, or a fact that helps to read it. */
  readonly note?: string;
}

/** A figure counts as noisy when more than this share of its rounds was. */
const NOISY_SHARE = 1 / 3;

export interface FigureInput {
  readonly name: string;
  readonly unit: string;
  readonly spread: Spread;
  readonly target?: Target;
  readonly note?: string;
}

export function figureOf(suite: string, input: FigureInput): Figure {
  const { spread, target } = input;
  return {
    suite,
    ...input,
    ...(target === undefined ? {} : { reached: meets(spread.median, target) }),
    noisy: spread.noisyRounds > spread.rounds * NOISY_SHARE,
  };
}

function meets(value: number, target: Target): boolean {
  switch (target.comparator) {
    case '<=':
      return value <= target.value;
    case '>=':
      return value >= target.value;
    case 'within':
      return value >= target.low && value <= target.high;
  }
}

export function atMost(value: number): Target {
  return { comparator: '<=', value };
}

export function atLeast(value: number): Target {
  return { comparator: '>=', value };
}

export function within(low: number, high: number): Target {
  return { comparator: 'within', low, high };
}

/** Something that was looked at once, or is the same whenever it is looked at. */
export function single(value: number): Spread {
  return { median: value, q1: value, q3: value, rounds: 1, noisyRounds: 0 };
}
