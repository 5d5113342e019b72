import { signal } from '@preact/signals';
import type { StudioClient } from '../client/studioClient.ts';
import { RunHistory } from '../run/history.ts';
import { prefersReducedMotion } from '../theme/reducedMotion.ts';

/** Where motion is to be reduced, a live run is shown anew four times a second. */
const CALM_MS = 250;

export interface ShownRunListener {
  onEnd(): void;
  onError(error: unknown): void;
}

/** The run that is shown, kept up to date by its stream. It is outside signals: `frame` tells that it changed. */
export class ShownRun {
  readonly frame = signal(0);
  /** Undefined until its snapshot came. */
  history: RunHistory | undefined;
  readonly #client: StudioClient;
  #following = new AbortController();
  #frameAsked = false;

  constructor(client: StudioClient) {
    this.#client = client;
  }

  /** Shows a run, live or recorded, instead of any other; after `suspend` the same one again. */
  follow(simId: string, told: ShownRunListener): void {
    this.#following.abort();
    this.#following = new AbortController();
    const { signal: aborted } = this.#following;
    /** Does something to the run, unless another one is shown by now. */
    const change = (act: (run: RunHistory | undefined) => void): void => {
      if (aborted.aborted) return;
      act(this.history);
      this.#changed();
    };
    const listener: Parameters<StudioClient['follow']>[1] = {
      onSnapshot: (snapshot) => {
        change(() => (this.history = new RunHistory(snapshot)));
      },
      onEvent: (event) => {
        change((run) => run?.push(event));
      },
      onEnd: (end) => {
        change((run) => {
          if (run !== undefined) run.end = end;
          told.onEnd();
        });
      },
      onConnection: (isConnected) => {
        change((run) => {
          if (run !== undefined) run.isConnected = isConnected;
        });
      },
    };
    this.#client.follow(simId, listener, aborted).catch((error: unknown) => {
      if (!aborted.aborted) told.onError(error);
    });
  }

  close(): void {
    this.#following.abort();
    this.history = undefined;
    this.#changed();
  }

  /** Closes its stream; what came until now stays. */
  suspend(): void {
    this.#following.abort();
  }

  /** A frame at most: a thousand events a second are one drawing each frame, none while hidden. */
  #changed(): void {
    if (this.#frameAsked) return;
    this.#frameAsked = true;
    const show = (): void => {
      this.#frameAsked = false;
      this.frame.value += 1;
    };
    if (prefersReducedMotion()) setTimeout(() => requestAnimationFrame(show), CALM_MS);
    else requestAnimationFrame(show);
  }
}
