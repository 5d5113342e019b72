import { FACT, type FactKind } from '../mesh/io.ts';
import type { CapsuleVersion } from '../model/upgradeReport.ts';
import type { AgentReport } from '../wire/report.ts';
import type { NodeServices } from './nodeServices.ts';
import type { HeldCapsule } from './serviceSet.ts';
import { stateFolderIn } from './services/serviceEnv.ts';
import { StateFolders } from './stateFolders.ts';

export interface NodeMovesOptions {
  /** What a move starts, it starts beside what serves. */
  readonly isBeside: boolean;
  /** The node's own. */
  readonly folder: string;
  readonly services: () => NodeServices | undefined;
  /** Undefined: the node holds no such Capsule. */
  readonly heldAs: (version: CapsuleVersion) => HeldCapsule | undefined;
  readonly fact: (kind: FactKind) => void;
  readonly report: (report: AgentReport) => void;
}

/** Does what a move from one Capsule to the other is made of, and tells the node's part in the mesh when it is done. */
export class NodeMoves {
  readonly #options: NodeMovesOptions;
  readonly #state: StateFolders;

  constructor(options: NodeMovesOptions) {
    this.#options = options;
    this.#state = new StateFolders(stateFolderIn(options.folder));
  }

  get isBeside(): boolean {
    return this.#options.isBeside;
  }

  async stop(): Promise<void> {
    const { isBeside, fact } = this.#options;
    const services = this.#options.services();
    if (isBeside) await services?.stopOther();
    else {
      await services?.stopServices();
      await this.#state.leave();
    }
    fact(FACT.servicesStopped);
  }

  async migrate(version: CapsuleVersion): Promise<void> {
    const { isBeside, heldAs, fact, report } = this.#options;
    const services = this.#options.services();
    const held = heldAs(version);
    const beforeStart = async () => {
      report({ type: 'state-found', ...(await this.#state.find()) });
    };
    if (isBeside) await this.#state.leave();
    const migrate = async (to: HeldCapsule) =>
      isBeside ? services?.migrateBeside(to) : services?.migrateTo(to);
    if (held !== undefined && (await migrate({ ...held, beforeStart })) === false) return;
    fact(FACT.migrated);
  }

  /** Runs what the state was brought to. */
  async start(): Promise<void> {
    const services = this.#options.services();
    if (!this.isBeside) await services?.startMigrated();
    else if ((await services?.startBeside()) === true) this.#options.fact(FACT.servicesHealthy);
  }

  /** What has come serves from now on. */
  async takeOver(): Promise<void> {
    await this.#options.services()?.takeOver();
  }

  async askHealth(): Promise<void> {
    const isWell = await this.#options.services()?.asksWell();
    if (isWell === true) this.#options.fact(FACT.servicesHealthy);
  }
}
