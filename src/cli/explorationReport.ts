import { Coverage } from '../explore/coverage.ts';
import type { ExploredRun, FailedRun } from '../explore/explore.ts';
import type { Shrunk } from '../explore/shrink.ts';

/** What an exploration came to, as far as it got. */
export class ExplorationReport {
  readonly coverage = new Coverage();
  /** How many runs it was asked for. */
  readonly asked: number;
  readonly isVirtual: boolean;
  ran = 0;
  /** ms of all runs together, but those of shrinking. */
  ranMs = 0;
  failed: FailedRun | undefined;
  shrunk: Shrunk | undefined;
  /** Where the smallest plan is; undefined: none was saved. */
  planFile: string | undefined;

  constructor(asked: number, isVirtual: boolean) {
    this.asked = asked;
    this.isVirtual = isVirtual;
  }

  add({ outcome, ...explored }: ExploredRun, ms: number): void {
    this.ran += 1;
    this.ranMs += ms;
    this.coverage.add(outcome);
    const { failure } = outcome;
    if (failure !== undefined) this.failed = { ...explored, outcome, failure };
  }

  get passed(): number {
    return this.ran - (this.failed === undefined ? 0 : 1);
  }

  get outcome(): 'pass' | 'fail' {
    return this.failed === undefined ? 'pass' : 'fail';
  }
}
