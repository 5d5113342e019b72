import type { Figure, FigureInput } from './figure.ts';
import { figureOf } from './figure.ts';
import type { NoiseMeter } from './noise.ts';

export interface BenchContext {
  readonly meter: NoiseMeter;
  /** Small sizes and few rounds: shows that a suite runs, and no more. */
  readonly quick: boolean;
  /** An empty folder for this suite; removed after it. */
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
