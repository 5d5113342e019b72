import type { Comparison } from './comparison.ts';
import type { Indicator } from './indicator.ts';
import { rankTest } from './rankTest.ts';

/** The verdict on two sets of measurements of one indicator, by ranks and effect. Carries no validator. */

/** Fewer measurements than this are too little to tell a change from chance: a start for each node is one moment's load. */
export const LEAST_SAMPLES = 20;
const SIGNIFICANT = 0.01;
/**
 * Cliff's delta from which a change matters. Of times, what Romano calls a medium effect; a smaller one is what the load of
 * a shared machine does to two runs of the same thing (docs/objectives.md). Of availability, five points.
 */
const MATTERS = { time: 0.33, share: 0.05 } as const;

/** Why nothing is concluded while the emulated network was late. */
export const TOO_BUSY =
  'What it ran on, machines or the ways between them, was too busy for the network it emulated.';

type Compared = Pick<Indicator, 'name' | 'metric' | 'comparator'>;

/** What of two sets of measurements the verdict follows from. */
export interface ComparedFigures {
  /** Two-sided Mann–Whitney. */
  readonly pValue: number;
  /** Cliff's delta: above 0, the later measurements are the higher ones. */
  readonly effect: number;
  /** Its 95 % interval. */
  readonly effectWithin: readonly [number, number];
}

/** @param sentence why nothing can be concluded */
export function inconclusive({ name }: Pick<Indicator, 'name'>, sentence: string): Comparison {
  return { name, verdict: 'inconclusive', sentence };
}

/** @param than what `before` is, after "worse than": "the baseline" */
export function compareSamples(
  indicator: Compared,
  now: readonly number[],
  before: readonly number[],
  than: string,
): Comparison {
  const fewest = Math.min(now.length, before.length);
  if (fewest < LEAST_SAMPLES) return inconclusive(indicator, tooFew(fewest));
  const { p, delta, deltaWithin } = rankTest(now, before);
  const [low, high] = deltaWithin;
  const effectWithin = [round(low), round(high)] as const;
  return judgedBy(indicator, { pValue: round(p), effect: round(delta), effectWithin }, than);
}

export function tooFew(measurements: number): string {
  return `${measurements} measurements are too few to tell from chance.`;
}

/** Worse is up for what must stay low, down for what must stay high. It follows from what is given alone: who verifies it judges again. */
export function judgedBy(
  { name, metric, comparator }: Compared,
  figures: ComparedFigures,
  than: string,
): Comparison {
  const { pValue, effect, effectWithin } = figures;
  const [low, high] = effectWithin;
  const [atLeast, atMost] = comparator === '<=' ? [low, high] : [-high, -low];
  const matters = metric.endsWith('-percent') ? MATTERS.share : MATTERS.time;
  const told = `Cliff's delta ${effect.toFixed(2)} (95 %: ${low.toFixed(2)} to ${high.toFixed(2)}), p ${pValue.toFixed(3)}`;
  const found = { pValue, effect, effectWithin: [low, high] as [number, number] };
  if (pValue < SIGNIFICANT && atLeast > matters) {
    return { name, verdict: 'fail', sentence: `Worse than ${than}: ${told}.`, ...found };
  }
  if (atMost < matters) {
    return { name, verdict: 'pass', sentence: `Not worse than ${than}: ${told}.`, ...found };
  }
  const sentence = `It may be worse than ${than}, and may be not: ${told}.`;
  return { name, verdict: 'inconclusive', sentence, ...found };
}

/** As evidence has numbers: the verdict follows from what is sealed. Minus zero is none in JSON. */
function round(value: number): number {
  return Math.round(value * 1000) / 1000 + 0;
}
