import type { RunObservation } from '../../src/model/observation.ts';
import { findingsOf, isFound, RehearsedFailure } from './rehearsedFailure.ts';
import type { Measured } from './table.ts';
import type { UpgradeFailure } from './upgradeFailure.ts';

/** One class, rehearsed with one seed after the other. */
export class Measuring implements Measured {
  readonly failure: UpgradeFailure;
  seeds = 0;
  found = 0;
  passed = 0;
  /** Runs that came to something else. */
  problems = 0;
  readonly #rehearsed: RehearsedFailure;
  readonly #say: (line: string) => void;

  private constructor(
    failure: UpgradeFailure,
    rehearsed: RehearsedFailure,
    say: (line: string) => void,
  ) {
    this.failure = failure;
    this.#rehearsed = rehearsed;
    this.#say = say;
  }

  /** Packs its versions, and starts the broken one where nothing ran before. */
  static async begin(failure: UpgradeFailure, say: (line: string) => void): Promise<Measuring> {
    const measuring = new Measuring(failure, await RehearsedFailure.pack(failure), say);
    const first = await measuring.#rehearsed.firstStart();
    measuring.#tell('first start', first, first.outcome === 'pass');
    return measuring;
  }

  async measure(seed: number): Promise<void> {
    this.seeds += 1;
    const broken = await this.#rehearsed.upgrade('broken', seed);
    if (this.#tell(`seed ${seed}, broken`, broken, isFound(this.failure, broken))) this.found += 1;
    const fixed = await this.#rehearsed.upgrade('fixed', seed);
    if (this.#tell(`seed ${seed}, fixed`, fixed, fixed.outcome === 'pass')) this.passed += 1;
  }

  /** What came of a run; one that was to come to something else is marked. Returns whether it was as expected. */
  #tell(what: string, observation: RunObservation, expected: boolean): boolean {
    if (!expected) this.problems += 1;
    const mark = expected ? 'as expected' : 'PROBLEM';
    this.#say(`${this.failure.name}, ${what}: ${mark}, ${findingsOf(observation).join('\n    ')}`);
    return expected;
  }

  dispose(): Promise<void> {
    return this.#rehearsed.dispose();
  }
}
