import type { FinishedSimulation } from './simulateMesh.ts';

/** A run whose evidence is sealed while its nodes are still up, to be looked at. */
export interface HeldRun {
  /** Has its nodes stopped; resolves when nothing of it is left. @throws MeshSimError what stopping them met */
  readonly end: () => Promise<void>;
  /** Resolves when nothing of it is left, whoever ended it; rejects when that met something. */
  readonly ended: Promise<void>;
}

/** The moment at which a run is held up: it is sealed then, and waits to be ended. */
export class Hold {
  /** Resolves to the run once it is sealed and held up. */
  readonly begun: Promise<FinishedSimulation>;
  #begin: (finished: FinishedSimulation) => void = () => undefined;
  readonly #release = new AbortController();

  constructor() {
    this.begun = new Promise((resolve) => {
      this.#begin = resolve;
    });
  }

  /**
   * Hands the sealed run out; resolves when it is to end.
   * @param whole the run from its start to the end of its hold
   * @param signal ends the hold too
   */
  async until(
    finished: FinishedSimulation,
    whole: Promise<unknown>,
    signal: AbortSignal,
  ): Promise<void> {
    const ended = whole.then(() => undefined);
    // Who was given the run may never ask how its hold ended.
    ended.catch(() => undefined);
    const end = () => {
      this.#release.abort();
      return ended;
    };
    this.#begin({ ...finished, held: { end, ended } });
    const over = AbortSignal.any([signal, this.#release.signal]);
    if (over.aborted) return;
    await new Promise((resolve) => over.addEventListener('abort', resolve, { once: true }));
  }
}
