import { nodeIdOf } from '../../model/nodeIds.ts';
import { isPlacedOn, placesOf } from '../../model/placement.ts';
import type { Plan } from '../../model/plan.ts';
import type { Service } from '../../model/registry.ts';
import { isUpStatus, type ServiceStatus } from '../../model/serviceStatus.ts';

type Dependent = Pick<Service, 'name' | 'dependsOn'>;

/** Where services are healthy at present. A service starts once those it depends on are: on its node, or where else they run. */
export class HealthyPlaces {
  readonly #plan: Pick<Plan, 'params' | 'placement'>;
  readonly #services: readonly Dependent[];
  /** By service, indices of nodes. */
  readonly #healthy = new Map<string, Set<number>>();

  constructor(plan: Pick<Plan, 'params' | 'placement'>, services: readonly Dependent[]) {
    this.#plan = plan;
    this.#services = services;
  }

  /** Notes what became of a service on a node. Returns the nodes that have to hear that it is healthy there. */
  note(node: number, service: string, status: ServiceStatus): number[] {
    const places = this.#healthy.get(service) ?? new Set();
    this.#healthy.set(service, places);
    if (!isUpStatus(status)) {
      places.delete(node);
      return [];
    }
    places.add(node);
    return Array.from({ length: this.#plan.params.nodes }, (_, index) => index).filter((index) =>
      this.#neededElsewhere(index).includes(service),
    );
  }

  /** The node was killed: nothing of it is healthy. */
  forget(node: number): void {
    for (const places of this.#healthy.values()) places.delete(node);
  }

  /** What this node's services depend on, other nodes run, and is healthy there. */
  elsewhere(node: number): string[] {
    return this.#neededElsewhere(node).filter(
      (service) => (this.#healthy.get(service)?.size ?? 0) > 0,
    );
  }

  /** A service this node waits for and no node can bring any more, with the nodes that were to; undefined: there is none. */
  lost(
    node: number,
    isOver: (node: number) => boolean,
  ): { readonly service: string; readonly on: readonly string[] } | undefined {
    for (const service of this.#neededElsewhere(node)) {
      const places = placesOf(this.#plan.placement, service, this.#plan.params.nodes);
      if (places.every(isOver)) return { service, on: places.map(nodeIdOf) };
    }
    return undefined;
  }

  #neededElsewhere(node: number): string[] {
    const isHere = (service: string) => isPlacedOn(this.#plan.placement, service, nodeIdOf(node));
    const own = this.#services.filter(({ name }) => isHere(name));
    const needed = own.flatMap(({ dependsOn }) => dependsOn.filter((name) => !isHere(name)));
    return [...new Set(needed)];
  }
}
