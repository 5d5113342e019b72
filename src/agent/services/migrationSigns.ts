import { setTimeout as delay } from 'node:timers/promises';
import type { MigrationSign } from '../../model/upgradeChoices.ts';
import { stateEntries, type StateEntries } from '../stateFolders.ts';

/** What is told of migrations; `over`: no command of one runs any more. */
export type MigrationNews = MigrationSign | 'over';

export interface MigrationSignsOptions {
  /** Whether anybody waits for `changed`: looking costs a migration time. */
  readonly looksAtState: boolean;
  readonly report: (news: MigrationNews) => void;
}

/** A look at a large folder takes long: the rest after it is no shorter than this, and than the look. */
const LOOK_MS = 10;

/** Tells when commands of migrations run on this node, and when one has changed its state: faults wait for that. */
export class MigrationSigns {
  readonly #options: MigrationSignsOptions;
  #running = 0;

  constructor(options: MigrationSignsOptions) {
    this.#options = options;
  }

  /**
   * @param folder the state of the service
   * @param run runs the command to its end, and calls `onSpawned` when it has a process
   * @throws what `run` throws, or the error when the machine is at fault
   */
  async during<T>(folder: string, run: (onSpawned: () => void) => Promise<T>): Promise<T> {
    const { looksAtState, report } = this.#options;
    const before = looksAtState ? await stateEntries(folder) : undefined;
    const over = new AbortController();
    let looking: Promise<void> | undefined;
    let end: () => void = () => undefined;
    try {
      return await run(() => {
        this.#running += 1;
        report('begun');
        looking = before && this.#look(folder, before, over.signal);
        end = () => {
          this.#running -= 1;
          if (this.#running === 0) report('over');
        };
      });
    } finally {
      over.abort();
      end();
      await looking;
    }
  }

  async #look(folder: string, before: StateEntries, over: AbortSignal): Promise<void> {
    for (;;) {
      const from = performance.now();
      const now = await stateEntries(folder);
      if (over.aborted) return;
      if (isChanged(before, now)) {
        this.#options.report('changed');
        return;
      }
      const restMs = Math.max(LOOK_MS, performance.now() - from);
      await delay(restMs, undefined, { signal: over }).catch(() => undefined);
    }
  }
}

function isChanged(before: StateEntries, now: StateEntries): boolean {
  if (before.size !== now.size) return true;
  return [...now].some(([file, entry]) => before.get(file) !== entry);
}
