import type { Figure } from './figure.ts';
import type { Machine } from './machine.ts';

/** What a file in bench-results/ holds. */
export interface BenchResults {
  readonly at: string;
  readonly quick: boolean;
  readonly machine: Machine;
  readonly figures: readonly Figure[];
  /** Suites that could not be finished, and why. */
  readonly failures: readonly { readonly suite: string; readonly reason: string }[];
  readonly seconds: Readonly<Record<string, number>>;
}
