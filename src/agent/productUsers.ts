import type { Manifest } from '../model/capsule.ts';
import type { Check } from '../model/check.ts';
import { USERS_PLACE, type NodePlaces } from './nodePlaces.ts';
import type { HeldCapsule, ServiceSet } from './serviceSet.ts';

export interface ProductUsersOptions {
  readonly places: NodePlaces;
  /** Services start beside those that serve. */
  readonly isBeside: boolean;
  /** Of the Capsule that the node runs first. */
  readonly first: Manifest;
  readonly setOf: (held: HeldCapsule) => ServiceSet;
  /** The place of what serves at present. */
  readonly serving: () => number;
}

/** Who uses the product on this node while it is upgraded: its checks and its workload. */
export class ProductUsers {
  readonly #options: ProductUsersOptions;
  #set: ServiceSet | undefined;

  constructor(options: ProductUsersOptions) {
    this.#options = options;
  }

  /** Runs a check of the product with the content of that Capsule, whatever runs meanwhile; resolves to why it did not pass. */
  async check(
    held: HeldCapsule,
    check: Check,
    env: Record<string, string>,
  ): Promise<string | undefined> {
    const set = await this.#laidOut(held);
    return set.check(this.#options.places.around(set.place, set.manifest), check, env);
  }

  /** Runs the workload of that Capsule, whatever runs meanwhile; resolves to how it ended, if not with 0. @throws MeshSimError */
  async runWorkload(held: HeldCapsule): Promise<string | undefined> {
    const set = await this.#laidOut(held);
    return set.runWorkload(this.#options.places.around(set.place, set.manifest));
  }

  async stop(): Promise<void> {
    await this.#set?.stop();
  }

  /** Where services have two places they have one more, from which the names lead to what serves. */
  async #laidOut(held: HeldCapsule): Promise<ServiceSet> {
    const { places, isBeside, first, setOf, serving } = this.#options;
    const { manifest } = held.capsule;
    if (isBeside) {
      await places.open(USERS_PLACE, manifest, places.servingPlace([first, manifest], serving));
    }
    const place = isBeside ? USERS_PLACE : 0;
    this.#set ??= setOf({ ...held, place, servicesFolder: 'checks', isForChecks: true });
    return this.#set;
  }
}
