import { setTimeout as delay } from 'node:timers/promises';
import type { MeshSimError } from '../base/errors.ts';
import type { NodePlaces } from './nodePlaces.ts';
import type { ServiceSet } from './serviceSet.ts';

/** Who has asked what served before the names switched is answered by it: as load balancers let connections drain. */
const DRAIN_MS = 1_000;

export interface BesideServicesOptions {
  readonly places: NodePlaces;
  /** What comes has failed before it took over; once for each that comes. */
  readonly onFailed: (error: unknown) => void;
}

/** What starts beside the services that serve, until it takes over from them or is given up. */
export class BesideServices {
  readonly #options: BesideServicesOptions;
  #coming: ServiceSet | undefined;
  /** What is to be stopped. */
  #losing: ServiceSet | undefined;
  #servesUntil = 0;

  constructor(options: BesideServicesOptions) {
    this.#options = options;
  }

  /** Lays it out in its own place, and brings the state to its Capsule while the other serves; false: it has failed. */
  async migrate(set: ServiceSet): Promise<boolean> {
    this.#coming = set;
    return this.#attempt(set, async () => {
      const { places } = this.#options;
      if (set.isEmpty) return;
      await places.open(set.place, set.manifest);
      await set.migrate(places.around(set.place, set.manifest), () => undefined);
    });
  }

  /** Starts what the state was brought to; false: it has failed. */
  async start(onStarted: () => void): Promise<boolean> {
    const set = this.#coming;
    if (set === undefined) return false;
    return this.#attempt(set, async () => {
      if (set.isEmpty) onStarted();
      else await set.start(this.#options.places.around(set.place, set.manifest), () => undefined);
    });
  }

  /** A service of it has ended on its own; false: it is not what comes. */
  hasDied(set: ServiceSet, failure: MeshSimError): boolean {
    if (this.#coming !== set) return false;
    this.#fail(set, failure);
    return true;
  }

  /** What has come serves from now on, in the place of `serving`; undefined: nothing has come. */
  takeOver(serving: ServiceSet): ServiceSet | undefined {
    const set = this.#coming;
    if (set === undefined) return undefined;
    this.#coming = undefined;
    this.#losing = serving;
    this.#servesUntil = performance.now() + DRAIN_MS;
    serving.hide();
    set.show();
    return set;
  }

  /** Stops what does not serve any more, or what was to come. */
  async stopOther(): Promise<void> {
    const set = this.#losing ?? this.#coming;
    if (this.#losing !== undefined) await delay(Math.max(0, this.#servesUntil - performance.now()));
    this.#losing = undefined;
    this.#coming = undefined;
    await set?.stop();
  }

  /** All of it. */
  async stop(): Promise<void> {
    const sets = [this.#losing, this.#coming];
    this.#coming = undefined;
    await Promise.all(sets.map(async (set) => set?.stop()));
  }

  async #attempt(set: ServiceSet, act: () => Promise<void>): Promise<boolean> {
    try {
      await act();
      return this.#coming === set;
    } catch (error) {
      if (this.#coming === set) this.#fail(set, error);
      return false;
    }
  }

  #fail(set: ServiceSet, error: unknown): void {
    if (set.hasFailed) return;
    set.hasFailed = true;
    this.#options.onFailed(error);
  }
}
