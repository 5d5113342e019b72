import type { Spread } from './figure.ts';
import type { Noise, NoiseMeter } from './noise.ts';
import { ascending, quantileOf } from './quantiles.ts';

/** What a piece of work cost. `cpuMs` is of this process, all threads, and of no child. */
export interface Cost {
  readonly wallMs: number;
  readonly cpuMs: number;
}

export function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

export function wallMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

export async function costOf(work: () => unknown): Promise<Cost> {
  const cpu = cpuMs();
  const wall = wallMs();
  await work();
  return { wallMs: wallMs() - wall, cpuMs: cpuMs() - cpu };
}

type Competitors<K extends string, T> = Readonly<Record<K, () => Promise<T>>>;

export interface Round<K extends string, T> {
  readonly results: Readonly<Record<K, T>>;
  readonly noise: Noise;
}

export interface InterleaveOptions {
  readonly rounds: number;
  readonly meter: NoiseMeter;
  /** Rounds that are run and forgotten, so that code is compiled and caches are warm; 1 when left out. */
  readonly warmUps?: number;
}

/**
 * Runs all competitors once per round, in one process, one after the other; each round starts with another of them,
 * so that none is always first. What drifts over minutes then hits all, and cancels out in the ratios of a round.
 */
export async function interleave<K extends string, T>(
  competitors: Competitors<K, T>,
  options: InterleaveOptions,
): Promise<Round<K, T>[]> {
  const names = Object.keys(competitors) as K[];
  const warmUps = options.warmUps ?? 1;
  const rounds: Round<K, T>[] = [];
  for (let index = -warmUps; index < options.rounds; index += 1) {
    const mark = options.meter.mark();
    const results: Partial<Record<K, T>> = {};
    for (let turn = 0; turn < names.length; turn += 1) {
      const name = names[(turn + index + warmUps) % names.length]!;
      globalThis.gc?.();
      results[name] = await competitors[name]();
    }
    const noise = options.meter.since(mark);
    if (index >= 0) rounds.push({ results: results as Record<K, T>, noise });
  }
  return rounds;
}

/** The spread of one figure of each round, usually a ratio of two competitors. */
export function spreadOf<K extends string, T>(
  rounds: readonly Round<K, T>[],
  figure: (results: Readonly<Record<K, T>>) => number,
): Spread {
  const values = ascending(rounds.map(({ results }) => figure(results)));
  return {
    median: quantileOf(values, 0.5),
    q1: quantileOf(values, 0.25),
    q3: quantileOf(values, 0.75),
    rounds: rounds.length,
    noisyRounds: rounds.filter(({ noise }) => noise.noisy).length,
  };
}
