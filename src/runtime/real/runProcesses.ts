import { endAll, untilGone } from '../../agent/processes/end.ts';
import { Kinship } from '../../agent/processes/kinship.ts';
import { nameOfProcess } from '../../agent/processes/leftProcess.ts';
import { plainService } from '../../agent/processes/placedService.ts';
import { MeshSimError, messageOf } from '../../base/errors.ts';
import { machineFault } from '../../base/machineFault.ts';
import type { ProcessesFound } from '../../mesh/invariants.ts';
import { HELD } from '../../model/invariants.ts';
import { nodeIdOf } from '../../model/nodeIds.ts';
import type { Redactor } from '../../vault/redactor.ts';
import type { AgentReport } from '../../wire/report.ts';
import { nodeFolder } from './nodeFolder.ts';

/** Often enough to see most of what starts something and ends at once. */
const LOOK_MS = 100;

/** Of that many looks one is taken when all nodes have whole boxes: nothing gets out of them, and each look reads all of /proc. */
const CONTAINED_LOOKS = 10;

/** A killed process stays in the process table for an instant. */
const SETTLE_MS = 1_000;

export interface RunProcessesOptions {
  readonly simId: string;
  /** Without links in its path. */
  readonly runFolder: string;
  /** Indices of those that live on this machine. */
  readonly nodes: readonly number[];
  /** All that is of another node of the run is none of its business. */
  readonly isOne?: boolean;
  readonly redactor: Redactor;
  /** Processes cannot be looked at any more. */
  readonly onBroken: (error: MeshSimError) => void;
}

type Isolated = Pick<Extract<AgentReport, { type: 'isolated' }>, 'isolation' | 'pid'>;

/** All processes of a run: those it started, and what these started. */
export class RunProcesses {
  readonly #kinship: Kinship;
  readonly #redactor: Redactor;
  /** What agents found outliving its service, and ended. */
  readonly #outliving: string[] = [];
  readonly #timer: NodeJS.Timeout;
  /** Nodes whose builds and services are in a whole box. */
  readonly #contained = new Set<string>();

  constructor({ simId, runFolder, nodes, isOne, redactor, onBroken }: RunProcessesOptions) {
    const [first = 0] = nodes;
    // More may be at home here, with somebody else who looks after them.
    this.#kinship = new Kinship(isOne ? { simId, nodeId: nodeIdOf(first) } : { simId });
    this.#redactor = redactor;
    for (const index of nodes) {
      this.#kinship.addFolder(nodeFolder(runFolder, index), { nodeId: nodeIdOf(index) });
    }
    let turn = 0;
    this.#timer = setInterval(() => {
      turn += 1;
      if (this.#contained.size === nodes.length && turn % CONTAINED_LOOKS !== 0) return;
      try {
        this.#kinship.look();
      } catch (error) {
        const unknown = new MeshSimError('internal', messageOf(error), { cause: error });
        onBroken(machineFault(error) ?? unknown);
      }
    }, LOOK_MS);
  }

  addAgent(pid: number, nodeId: string): void {
    this.#kinship.addRoot(pid, { nodeId });
  }

  /** The services of the node run in the network of this process; in a whole box, all they start ends with it. */
  addSurroundings(nodeId: string, { isolation, pid }: Isolated): void {
    if (isolation === 'full') this.#contained.add(nodeId);
    if (pid !== undefined) this.#kinship.addNetworkOf(pid, { nodeId });
  }

  /** To be called before parents are ended: their children become somebody else's. */
  look(): void {
    this.#kinship.look();
  }

  /** The node's agent has found and ended it. */
  addOutliving(nodeId: string, service: string | undefined, name: string): void {
    this.#outliving.push(`${name}${placeOf({ nodeId, service })}`);
  }

  /** Ends all there is of a node, as if its machine had failed. Resolves when it is gone. */
  async endNode(nodeId: string): Promise<void> {
    this.#contained.delete(nodeId);
    await endAll(() => {
      const { found, missed } = this.#kinship.search();
      return { found: found.filter((kin) => kin.nodeId === nodeId), missed };
    }, SETTLE_MS);
  }

  /**
   * After the agents' groups were killed: finds what is still at work, ends it, and says what it was.
   * @throws Error with the system's code when this program has no files left to look with
   */
  async endRest(): Promise<ProcessesFound> {
    if (process.platform !== 'linux') {
      return { notLooked: `processes cannot be looked up on ${process.platform}` };
    }
    const look = () => this.#kinship.search();
    await untilGone(look, SETTLE_MS);
    const left = [...this.#outliving];
    const last = await endAll(look, SETTLE_MS, (kin) =>
      left.push(`${nameOfProcess(kin, this.#redactor)}${placeOf(kin)}`),
    );
    const { closed } = this.#kinship.search();
    return { left, immortal: last.found.length, closed, missed: last.missed };
  }

  /** Of nodes that are held up: what they leave cannot be looked for before they end, but what was seen was seen. */
  whileHeld(): ProcessesFound {
    const left = [...this.#outliving];
    return left.length === 0 ? { notLooked: HELD } : { left, immortal: 0, closed: 0, missed: 0 };
  }

  /** Looks no more. */
  close(): void {
    clearInterval(this.#timer);
    this.#kinship.close();
  }
}

function placeOf({
  nodeId,
  service,
}: {
  nodeId?: string | undefined;
  service?: string | undefined;
}) {
  const plain = plainService(service);
  const of = plain === undefined ? '' : ` of service "${plain}"`;
  return nodeId === undefined ? of : `${of} on ${nodeId}`;
}
