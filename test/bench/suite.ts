import type { Figure, FigureInput } from './figure.ts';
import { figureOf } from './figure.ts';
import type { NoiseMeter } from './noise.ts';

export interface BenchContext {
  readonly meter: NoiseMeter;
  /** Small sizes and few rounds: shows that a suite runs, and no more. */
  readonly quick: boolean;
  /**
   * An empty folder for this suite, removed after it. Suites remove nothing themselves: ext4 passes over inodes freed in
   * the last seconds, so that creating files right after many were deleted takes up to ten times as long.
   */
  readonly scratch: string;
  /** The built bundles. */
  readonly dist: string;
}

/** One area of the product. Its figures are relative to competitors that are measured in the same rounds. */
export interface Suite {
  readonly title: string;
  run(context: BenchContext): Promise<FigureInput[]>;
}

export function roundsOf(context: BenchContext, full = 7): number {
  return context.quick ? 2 : full;
}

export function figuresOf(name: string, inputs: readonly FigureInput[]): Figure[] {
  return inputs.map((input) => figureOf(name, input));
}
