import type { Redactor } from '../vault/redactor.ts';
import { endAll, signalAll, untilGone, type Look } from './processes/end.ts';
import { Kinship, type Kin } from './processes/kinship.ts';
import { nameOfProcess } from './processes/leftProcess.ts';
import { readProcess, type ProcessEntry } from './processes/procfs.ts';
import { markOfThis } from './processes/runMark.ts';

/** Often enough to see most of what starts something and ends at once. */
const LOOK_MS = 200;

/** What a service has started may end this much later than the service does. */
const SETTLE_MS = 1_000;

/** A killed process stays in the process table for an instant. */
const KILL_LIMIT_MS = 1_000;

/** This many times what was found is ended at once: it may have started something meanwhile. */
const SWEEPS = 3;

type Living = Kin & ProcessEntry;

/** A process of a service that outlived it, though it was no longer in the node's process group: to be told of. */
export interface Outliving {
  readonly service: string | undefined;
  readonly name: string;
}

/** The processes of this node. Those in the agent's process group end with it; those that left it are looked for. */
export class NodeProcesses {
  readonly #kinship = new Kinship(markOfThis());
  readonly #redactor: Redactor;
  readonly #onOutliving: (outliving: Outliving) => void;
  #timer: NodeJS.Timeout | undefined;

  /** `folder`: the node's own, without links in its path. */
  constructor(folder: string, redactor: Redactor, onOutliving: (outliving: Outliving) => void) {
    this.#redactor = redactor;
    this.#onOutliving = onOutliving;
    this.#kinship.addFolder(folder);
    this.#kinship.addRoot(process.pid);
  }

  /** A process of a service was started in the service's folder. */
  started(pid: number, service: string, folder: string): void {
    this.#kinship.addRoot(pid, { service });
    this.#kinship.addFolder(folder, { service });
    this.#timer ??= setInterval(() => this.#kinship.look(), LOOK_MS).unref();
  }

  /** Services run in the network of this process, which stays there as long as they do. */
  addNetworkOf(pid: number): void {
    this.#kinship.addNetworkOf(pid);
  }

  /** The service was stopped: ends what it has started. Resolves when all of it is gone, to what had outlived it. */
  async endService(service: string): Promise<string[]> {
    return this.#endRest((kin) => kin.service === service);
  }

  /** All services were stopped: ends whatever else this node has started. */
  async endAll(): Promise<void> {
    signalAll(this.#others().found.filter(isInGroup), 'SIGKILL');
    await this.#endRest(() => true);
    clearInterval(this.#timer);
  }

  /** Ends everything but this process, at once. */
  endNow(): void {
    try {
      for (let sweep = 0; sweep < SWEEPS; sweep += 1) signalAll(this.#others().found, 'SIGKILL');
    } catch {
      // Not even files to look with are left: what is in the group ends all the same.
    }
  }

  #others(): Look<Living> {
    const { found, missed } = this.#kinship.search();
    return { found: found.filter(({ pid }) => pid !== process.pid), missed };
  }

  async #endRest(isMeant: (kin: Living) => boolean): Promise<string[]> {
    const look = (): Look<Living> => {
      const { found, missed } = this.#others();
      return { found: found.filter(isMeant), missed };
    };
    signalAll(look().found.filter(isInGroup), 'SIGTERM');
    await untilGone(look, SETTLE_MS);
    const names: string[] = [];
    await endAll(look, KILL_LIMIT_MS, (kin) => {
      if (isInGroup(kin)) return;
      const name = nameOfProcess(kin, this.#redactor);
      this.#onOutliving({ service: kin.service, name });
      names.push(name);
    });
    return names;
  }
}

function isInGroup({ group }: Living): boolean {
  return group === readProcess(process.pid)?.group;
}
