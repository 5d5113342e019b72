import type { ProcessesFound } from '../../mesh/invariants.ts';
import type { RunProcesses } from '../real/runProcesses.ts';
import type { HostedNode, HostedProcesses } from './hostedNode.ts';
import type { LocalNodes } from './localNodes.ts';

type Looked = Exclude<ProcessesFound, string | { readonly notLooked: string }>;

/** A node whose machine is another one. */
export interface RemoteHostedNode extends HostedNode, HostedProcesses {
  /**
   * The port of this machine that leads to that loopback port of the node's.
   * @param at 0: any that is free
   * @throws Error that says why there is none, one clause
   */
  portHere(there: number, at: number): Promise<number>;
}

export interface RunHostsOptions {
  readonly local: LocalNodes;
  readonly processes: RunProcesses;
  /** By index; all others live on this machine. */
  readonly remote?: ReadonlyMap<number, RemoteHostedNode>;
}

/** The machines of a run, and what is on them of it. */
export class RunHosts {
  readonly #options: RunHostsOptions;
  readonly #nodes = new Map<number, HostedNode>();

  constructor(options: RunHostsOptions) {
    this.#options = options;
  }

  nodeAt(index: number): HostedNode {
    const { local, remote } = this.#options;
    const node = this.#nodes.get(index) ?? remote?.get(index) ?? local.nodeAt(index);
    this.#nodes.set(index, node);
    return node;
  }

  /** See RemoteHostedNode; ports of nodes on this machine are here. */
  portHere(index: number, there: number, at: number): Promise<number> {
    return this.#options.remote?.get(index)?.portHere(there, at) ?? Promise.resolve(there);
  }

  /** The node's agent has found and ended it. */
  addOutliving(nodeId: string, service: string | undefined, name: string): void {
    this.#options.processes.addOutliving(nodeId, service, name);
  }

  async endRest(): Promise<ProcessesFound> {
    return merged(await Promise.all(this.#parts.map((part) => part.endRest())));
  }

  /** Of nodes that are held up: what they leave cannot be looked for before they end, but what was seen was seen. */
  whileHeld(): ProcessesFound {
    return this.#options.processes.whileHeld();
  }

  /** Packets that devices of nodes dropped; null: not known of all. */
  get deviceDrops(): number | null {
    return this.#parts.reduce<number | null>(
      (sum, { deviceDrops }) => (sum === null || deviceDrops === null ? null : sum + deviceDrops),
      0,
    );
  }

  get #parts(): readonly HostedProcesses[] {
    const { local, remote } = this.#options;
    return [local, ...(remote?.values() ?? [])];
  }
}

/** What was left anywhere was left; that nothing was takes a look at all machines. */
export function merged(found: readonly ProcessesFound[]): ProcessesFound {
  const looked = found.filter((one): one is Looked => typeof one !== 'string' && 'left' in one);
  const sum = {
    left: looked.flatMap(({ left }) => left),
    immortal: looked.reduce((count, { immortal }) => count + immortal, 0),
    closed: looked.reduce((count, { closed }) => count + closed, 0),
    missed: looked.reduce((count, { missed }) => count + missed, 0),
  };
  if (sum.left.length > 0 || looked.length === found.length) return sum;
  return found.find((one) => typeof one !== 'string' && 'notLooked' in one) ?? 'none-started';
}
