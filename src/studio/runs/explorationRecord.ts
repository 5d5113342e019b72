import { randomUUID } from 'node:crypto';
import path from 'node:path';
import type { ExploredRun } from '../../explore/explore.ts';
import { factsOf } from '../../explore/facts.ts';
import type { Exploration } from '../../model/explorationApi.ts';
import type { Plan } from '../../model/plan.ts';
import { replaceFile } from '../../base/replaceFile.ts';
import type { Workspace } from '../workspace/workspace.ts';

const NOTE =
  'Not signed, and proves nothing: what each run came to is in its sealed evidence, which counts.';

type Shrinking = NonNullable<Exploration['shrinking']>;

/**
 * What an exploration on real nodes came to, in a file of its own that is written anew after every run: one that is
 * interrupted leaves what there was. Nothing is written before its first run has ended.
 */
export class ExplorationRecord {
  readonly #workspace: Workspace;
  #written: Exploration;

  /** @param asked how many seeds, at most */
  constructor(workspace: Workspace, plan: Plan, asked: number) {
    this.#workspace = workspace;
    this.#written = {
      ...{ v: 1, note: NOTE, id: randomUUID(), startedAt: workspace.now() },
      capsuleHash: plan.capsuleHash,
      ...(plan.upgrade === undefined ? {} : { from: plan.upgrade.from }),
      ...{ asked, runs: [] },
    };
  }

  get id(): string {
    return this.#written.id;
  }

  /** @throws MeshSimError `disk-failed`; TypeError for a run that was not sealed */
  async add({ plan, outcome }: ExploredRun): Promise<void> {
    const { simId } = outcome;
    if (simId === undefined) throw new TypeError('a run without evidence is not recorded');
    const run = { seed: plan.seed, simId, ...factsOf(outcome) };
    await this.#write({ runs: [...this.#written.runs, run] });
  }

  /** One run more of the shrinking has ended. @throws MeshSimError `disk-failed` */
  async shrank(): Promise<void> {
    const runs = (this.#written.shrinking?.runs ?? 0) + 1;
    await this.#write({ shrinking: { runs } });
  }

  /**
   * No run follows.
   * @param shrinking how it ended, and the file of the plan that was saved; left out: no run failed
   * @throws MeshSimError `disk-failed`
   */
  async end(shrinking?: Required<Pick<Shrinking, 'end'>> & Pick<Shrinking, 'plan'>): Promise<void> {
    const runs = this.#written.shrinking?.runs ?? 0;
    await this.#write({
      endedAt: this.#workspace.now(),
      ...(shrinking && { shrinking: { runs, ...shrinking } }),
    });
  }

  async #write(more: Partial<Exploration>): Promise<void> {
    this.#written = { ...this.#written, ...more };
    const file = path.join(this.#workspace.paths.explorations, `${this.id}.json`);
    await replaceFile(file, `${JSON.stringify(this.#written, null, 2)}\n`);
  }
}
