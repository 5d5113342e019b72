import { batch, signal } from '@preact/signals';
import type { CheckedExploration, Exploration } from '../../src/model/explorationApi.ts';
import type { StudioClient } from '../client/studioClient.ts';
import { problemOf } from './problem.ts';

/** Where a run stands among those of its exploration, by the record of it. */
export interface ExploredPlace {
  readonly exploration: Exploration;
  /** From 1. */
  readonly place: number;
}

/** The explorations of the workspace, and the one that is shown. */
export class ExploredState {
  /** Newest first, as they were written. */
  readonly explorations = signal<readonly Exploration[]>([]);
  /** The one that was asked for last, held against evidence. */
  readonly checked = signal<CheckedExploration | undefined>(undefined);
  /** Why it could not be checked, one sentence; empty where it was. */
  readonly problem = signal('');
  readonly #client: StudioClient;
  #wanted: string | undefined;

  constructor(client: StudioClient) {
    this.#client = client;
  }

  /** Undefined: the run belongs to none. */
  placeOf(simId: string | undefined): ExploredPlace | undefined {
    for (const exploration of this.explorations.value) {
      const at = exploration.runs.findIndex((run) => run.simId === simId);
      if (at >= 0) return { exploration, place: at + 1 };
    }
    return undefined;
  }

  /** Has an exploration held against the evidence of its runs. What fails is told, not thrown. */
  async check(id: string): Promise<void> {
    this.#wanted = id;
    let [checked, problem]: [CheckedExploration | undefined, string] = [undefined, ''];
    try {
      checked = await this.#client.exploration(id);
    } catch (error) {
      problem = problemOf(error);
    }
    // Another may have been asked for meanwhile.
    if (this.#wanted !== id) return;
    batch(() => {
      this.checked.value = checked;
      this.problem.value = problem;
    });
  }
}
