import { packedServices, type Manifest } from '../../model/capsule.ts';
import { BUILD_DEADLINE_MS } from '../../model/registry.ts';

/**
 * The plan's deadline. It stands still while something is built: how long that takes says nothing about the rollout, and builds have a
 * deadline of their own. No longer than any of them, though: a node that hangs in its build keeps no run for ever.
 */
export class RolloutDeadline {
  readonly #passed = new AbortController();
  readonly #now: () => number;
  readonly #longestBuildMs: number;
  #leftMs: number;
  #timer: NodeJS.Timeout | undefined;
  /** When the timer was started, or the build was begun that stopped it. */
  #since: number;
  #builtMs = 0;
  #isBuilding = false;
  #isClosed = false;

  /** `longestBuildMs`: so long at most it stands still at a time. `now`: in ms. */
  constructor(limitMs: number, longestBuildMs: number, now: () => number) {
    this.#leftMs = limitMs;
    this.#longestBuildMs = longestBuildMs;
    this.#now = now;
    this.#since = now();
    this.#run(limitMs);
  }

  /** Aborts when it has passed. */
  get passed(): AbortSignal {
    return this.#passed.signal;
  }

  /** Clause for a sentence that names the limit; empty where nothing was built. */
  get notCounted(): string {
    const builtMs = this.#builtMs + this.#stoodMs(this.#now());
    return builtMs === 0 ? '' : `, ${Math.round(builtMs)} ms of builds not counted`;
  }

  /** Somebody has begun to build, or nobody builds any more. */
  building(isOn: boolean): void {
    const now = this.#now();
    const stoodMs = this.#stoodMs(now);
    this.#builtMs += stoodMs;
    this.#leftMs -= now - this.#since - stoodMs;
    this.#since = now;
    this.#isBuilding = isOn;
    this.#run(this.#leftMs + (isOn ? this.#longestBuildMs : 0));
  }

  /** How long it has stood still for the build that goes on. */
  #stoodMs(now: number): number {
    return this.#isBuilding ? Math.min(now - this.#since, this.#longestBuildMs) : 0;
  }

  /** It does not pass any more. */
  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
  }

  #run(ms: number): void {
    clearTimeout(this.#timer);
    if (this.#isClosed) return;
    this.#timer = setTimeout(() => this.#passed.abort(), Math.max(0, ms));
  }
}

/** How long any build of these Capsules may take, in ms. */
export function longestBuildMs(manifests: readonly Pick<Manifest, 'services'>[]): number {
  const services = manifests.flatMap((manifest) => packedServices(manifest));
  const deadlines = services.map(({ buildDeadlineMs = BUILD_DEADLINE_MS }) => buildDeadlineMs);
  return Math.max(0, ...deadlines);
}
