/**
 * The plan's deadline. It stands still while something is built: how long that takes says nothing about the rollout, and builds have a
 * deadline of their own.
 */
export class RolloutDeadline {
  readonly #passed = new AbortController();
  readonly #now: () => number;
  #leftMs: number;
  #timer: NodeJS.Timeout | undefined;
  /** When the timer was started, or the build was begun that stopped it. */
  #since: number;
  #builtMs = 0;
  #isClosed = false;

  /** `now`: in ms. */
  constructor(limitMs: number, now: () => number) {
    this.#leftMs = limitMs;
    this.#now = now;
    this.#since = now();
    this.#run();
  }

  /** Aborts when it has passed. */
  get passed(): AbortSignal {
    return this.#passed.signal;
  }

  /** Clause for a sentence that names the limit; empty where nothing was built. */
  get notCounted(): string {
    return this.#builtMs === 0 ? '' : `, ${Math.round(this.#builtMs)} ms of builds not counted`;
  }

  /** Somebody has begun to build, or nobody builds any more. */
  building(isOn: boolean): void {
    const now = this.#now();
    const lastedMs = now - this.#since;
    this.#since = now;
    if (isOn) {
      this.#leftMs -= lastedMs;
      clearTimeout(this.#timer);
    } else {
      this.#builtMs += lastedMs;
      this.#run();
    }
  }

  /** It does not pass any more. */
  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
  }

  #run(): void {
    if (this.#isClosed) return;
    this.#timer = setTimeout(() => this.#passed.abort(), Math.max(0, this.#leftMs));
  }
}
