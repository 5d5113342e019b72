import type { MeshEventBody } from '../../model/events.ts';
import { nodeIdOf } from '../../model/nodeIds.ts';
import type { Detail, VirtualRunOptions } from './options.ts';
import {
  simulateMigration,
  simulateServices,
  simulateStop,
  type ServiceListener,
} from './simulatedServices.ts';
import type { VirtualNode } from './virtualNode.ts';
import type { VirtualWorld } from './world.ts';

type ServiceNames = Pick<VirtualRunOptions, 'services' | 'oneShots'>;

export interface NodeServicesOptions {
  readonly run: VirtualRunOptions;
  readonly world: VirtualWorld;
  readonly detail: Detail;
  readonly tell: (body: MeshEventBody) => void;
}

/** The simulated services of the nodes: those of the Capsule that a node runs. */
export class NodeServices {
  readonly #options: NodeServicesOptions;
  /** Null: nobody looks at services. */
  readonly #listener: ServiceListener | null;

  constructor(options: NodeServicesOptions) {
    this.#options = options;
    this.#listener =
      options.detail === 'all' ? (node, name, status) => this.#hear(node, name, status) : null;
  }

  start(node: VirtualNode): void {
    const { world, run } = this.#options;
    simulateServices(world, node, this.#of(node).services, run.plan.seed, this.#listener);
  }

  stop(node: VirtualNode): void {
    const { world, run } = this.#options;
    node.moves += 1;
    simulateStop(world, node, this.#of(node).services, run.plan.seed, this.#listener);
  }

  migrate(node: VirtualNode): void {
    const { world, run } = this.#options;
    simulateMigration(world, node, run.plan.seed);
  }

  #of({ runs }: VirtualNode): ServiceNames {
    const { run } = this.#options;
    return runs === 'old' && run.before !== undefined ? run.before : run;
  }

  #hear(node: VirtualNode, service: string, status: 'starting' | 'healthy' | 'stopped'): void {
    const { run, tell } = this.#options;
    const { oneShots = [] } = this.#of(node);
    tell({
      type: 'service',
      nodeId: nodeIdOf(node.index),
      service,
      status: status === 'healthy' && oneShots.includes(service) ? 'done' : status,
      ...(run.plan.upgrade === undefined ? {} : { version: node.runs }),
    });
  }
}
