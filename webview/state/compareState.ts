import { batch, signal } from '@preact/signals';
import type { RunComparison } from '../../src/model/runComparison.ts';
import type { StudioClient } from '../client/studioClient.ts';
import { problemOf } from './problem.ts';

/** The two runs that are compared, by simId, and what the server says of them. */
export class CompareState {
  readonly a = signal<string | undefined>(undefined);
  readonly b = signal<string | undefined>(undefined);
  /** Of the two that are chosen; undefined: one is missing, or the answer is under way. */
  readonly comparison = signal<RunComparison | undefined>(undefined);
  /** Why they could not be compared, one sentence; empty where they were. */
  readonly problem = signal('');
  readonly #client: StudioClient;

  constructor(client: StudioClient) {
    this.#client = client;
  }

  choose(a: string | undefined, b: string | undefined): void {
    batch(() => {
      this.a.value = a;
      this.b.value = b;
      this.comparison.value = undefined;
      this.problem.value = '';
    });
  }

  swap(): void {
    this.choose(this.b.value, this.a.value);
  }

  /** Has the two that are chosen compared. What fails is told, not thrown. */
  async load(): Promise<void> {
    const [a, b] = [this.a.value, this.b.value];
    if (a === undefined || b === undefined) return;
    let [comparison, problem]: [RunComparison | undefined, string] = [undefined, ''];
    try {
      comparison = await this.#client.compare(a, b);
    } catch (error) {
      problem = problemOf(error);
    }
    // Others may have been chosen meanwhile.
    if (this.a.value !== a || this.b.value !== b) return;
    batch(() => {
      this.comparison.value = comparison;
      this.problem.value = problem;
    });
  }
}
