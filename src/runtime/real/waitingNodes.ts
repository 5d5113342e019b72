import { distinctChunks, type Capsule } from '../../model/capsule.ts';
import type { Plan } from '../../model/plan.ts';
import type { ServiceStatus } from '../../model/serviceStatus.ts';
import type { HealthyPlaces } from './healthyPlaces.ts';
import { SOURCE } from './launchCommand.ts';
import type { NodeRecord } from './nodeRecord.ts';

interface Rehearsed {
  readonly plan: Pick<Plan, 'upgrade'>;
  readonly capsule: Pick<Capsule, 'manifest'>;
}

/** Tells nodes what has become healthy elsewhere, and finds those that wait for what no node can bring any more. */
export class WaitingNodes {
  readonly #nodes: readonly NodeRecord[];
  readonly #places: HealthyPlaces;
  /** Of the Capsule that nodes wait for; undefined: they run another one meanwhile, and wait for nothing. */
  readonly #chunks: number | undefined;
  #buildFailedOn: NodeRecord | undefined;

  constructor(nodes: readonly NodeRecord[], places: HealthyPlaces, { plan, capsule }: Rehearsed) {
    this.#nodes = nodes;
    this.#places = places;
    if (plan.upgrade === undefined) this.#chunks = distinctChunks(capsule.manifest).length;
  }

  /** Notes what became of a service, and tells whoever waits for it. */
  note({ index }: NodeRecord, service: string, status: ServiceStatus): void {
    for (const waiting of this.#places.note(index, service, status)) {
      this.#nodes[waiting]?.process?.send({ type: 'healthy-elsewhere', service });
    }
  }

  /** The run has failed, whatever the other nodes come to. */
  buildFailed(node: NodeRecord): void {
    this.#buildFailedOn ??= node;
  }

  /** Nobody is waited for any more. */
  get areGivenUp(): boolean {
    return this.#buildFailedOn !== undefined;
  }

  /** Nodes that can never start, each with the reason as one sentence. */
  *inVain(): Generator<readonly [NodeRecord, string]> {
    const isOver = (index: number) => this.#nodes[index]?.isOver === true;
    for (const node of this.#nodes) {
      if (node.status !== 'running' || node === this.#buildFailedOn) continue;
      if (this.#buildFailedOn !== undefined) {
        yield [node, `${node.id} was given up: a build failed on ${this.#buildFailedOn.id}.`];
        continue;
      }
      const lost = this.#places.lost(node.index, isOver);
      if (lost !== undefined) {
        const why = `"${lost.service}", which its services depend on, runs on ${lost.on.join(', ')} only, and failed there`;
        yield [node, `${node.id} cannot start: ${why}.`];
      } else if (this.#isContentLost()) {
        yield [
          node,
          `${node.id} cannot receive the Capsule: the agents that had all of it have ended.`,
        ];
      }
    }
  }

  /** No node that takes part, or may yet, is the source, and what they hold between them is not all of it. */
  #isContentLost(): boolean {
    if (this.#chunks === undefined) return false;
    const left = this.#nodes.filter(({ isOver, process }) => !isOver || process?.isGone === false);
    if (left.some(({ index }) => index === SOURCE)) return false;
    return new Set(left.flatMap(({ held }) => [...held])).size < this.#chunks;
  }
}
