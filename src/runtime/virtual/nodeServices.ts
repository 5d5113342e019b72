import type { MeshEventBody } from '../../model/events.ts';
import { nodeIdOf } from '../../model/nodeIds.ts';
import type { Detail, VirtualRunOptions } from './options.ts';
import type { CapsuleVersion } from '../../model/upgradeReport.ts';
import {
  simulateAnswer,
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

  constructor(options: NodeServicesOptions) {
    this.#options = options;
  }

  start(node: VirtualNode, version: CapsuleVersion): void {
    const { world, run } = this.#options;
    const { services } = this.#of(version);
    simulateServices(world, node, services, run.plan.seed, this.#listenerOf(version));
  }

  stop(node: VirtualNode, version: CapsuleVersion): void {
    const { world, run } = this.#options;
    node.moves += 1;
    const { services } = this.#of(version);
    simulateStop(world, node, services, run.plan.seed, this.#listenerOf(version));
  }

  migrate(node: VirtualNode): void {
    const { world, run } = this.#options;
    simulateMigration(world, node, run.plan.seed);
  }

  /** What is left after a stop is asked for its health. */
  askHealth(node: VirtualNode): void {
    const { world, run } = this.#options;
    simulateAnswer(world, node, run.plan.seed);
  }

  #of(version: CapsuleVersion): ServiceNames {
    const { run } = this.#options;
    return version === 'old' && run.before !== undefined ? run.before : run;
  }

  #listenerOf(version: CapsuleVersion): ServiceListener | null {
    if (this.#options.detail !== 'all') return null;
    return (node, name, status) => this.#hear(node, version, name, status);
  }

  #hear(
    node: VirtualNode,
    version: CapsuleVersion,
    service: string,
    status: 'starting' | 'healthy' | 'stopped',
  ): void {
    const { run, tell } = this.#options;
    const { oneShots = [] } = this.#of(version);
    tell({
      type: 'service',
      nodeId: nodeIdOf(node.index),
      service,
      status: status === 'healthy' && oneShots.includes(service) ? 'done' : status,
      ...(run.plan.upgrade === undefined ? {} : { version }),
    });
  }
}
