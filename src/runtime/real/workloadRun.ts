import type { ChecksSeen } from '../../mesh/upgrade/checksHeld.ts';
import type { Workload } from '../../model/check.ts';
import type { MeshEventBody } from '../../model/events.ts';
import type { AgentCommand } from '../../wire/control.ts';

/** A node as far as the workload goes. */
export interface LoadedNode {
  readonly id: string;
  readonly process: { send(command: AgentCommand): void } | undefined;
}

/** What uses the product while it is upgraded. It goes down with its node, and is begun again when that is back. */
export class WorkloadRun {
  readonly #workload: Workload | undefined;
  readonly #emit: (body: MeshEventBody) => void;
  #seen: ChecksSeen['workload'];

  /** @param workload of the Capsule whose checks are run */
  constructor(workload: Workload | undefined, emit: (body: MeshEventBody) => void) {
    this.#workload = workload;
    this.#emit = emit;
  }

  get seen(): ChecksSeen['workload'] {
    return this.#seen;
  }

  /** The node holds the new Capsule, in its first life or a later one. */
  staged(node: LoadedNode): void {
    if (node.id !== this.#workload?.on) return;
    this.#seen ??= { on: node.id };
    this.#emit({ type: 'workload', nodeId: node.id, status: 'begun' });
    node.process?.send({ type: 'workload' });
  }

  /** It was not stopped. @param problem how it ended, if not with 0, the end of a sentence */
  ended(problem: string | undefined): void {
    if (problem === undefined || this.#seen === undefined || this.#seen.problem !== undefined)
      return;
    this.#seen = { ...this.#seen, problem };
    const { on: nodeId } = this.#seen;
    this.#emit({ type: 'workload', nodeId, status: 'failed', details: problem });
  }
}
