import type { Box } from './box/box.ts';
import type { Redactor } from '../vault/redactor.ts';
import {
  endAll,
  endTree,
  signalAll,
  signalTree,
  stopAll,
  untilGone,
  type Look,
} from './processes/end.ts';
import { Kinship, type Kin } from './processes/kinship.ts';
import { nameOfProcess } from './processes/leftProcess.ts';
import { plainService } from './processes/placedService.ts';
import { readProcess, type ProcessEntry } from './processes/procfs.ts';
import { markOfThis, type Owner } from './processes/runMark.ts';

/** Often enough to see most of what starts something and ends at once. */
const LOOK_MS = 200;

/** Nothing gets out of a whole box, so what is not seen is not lost; each look reads all of /proc. */
const LOOK_CONTAINED_MS = 1_000;

/** What a service has started may end this much later than the service does. */
const SETTLE_MS = 1_000;

/** A killed process stays in the process table for an instant. */
const KILL_LIMIT_MS = 1_000;

/** Between a look and a signal, processes may start others: for so long they are followed. */
const STOP_LIMIT_MS = 1_000;

/** This many times what was found is ended at once: it may have started something meanwhile. */
const SWEEPS = 3;

type Living = Kin & ProcessEntry;

/** A process of a service that outlived it, though it was no longer in the node's process group: to be told of. */
export interface Outliving {
  readonly service: string | undefined;
  readonly name: string;
}

type OwnerOfService = Pick<Owner, 'service' | 'check'>;

/** What whoever runs a service knows of its processes. */
export interface ServiceProcesses extends Pick<
  NodeProcesses,
  'started' | 'endService' | 'pauseService' | 'resumeService' | 'killService' | 'endCheck'
> {
  /** Whose what a service starts is. */
  ownerOf(owner: OwnerOfService): OwnerOfService;
}

export interface EndedService {
  /** What was in no group of the node's any more and outlived the service; it was ended. */
  readonly outlived: readonly string[];
  /** What could not be ended. */
  readonly immortal: readonly string[];
}

/** The processes of this node. Those in its process groups end with it; those that left them are looked for. */
export class NodeProcesses {
  readonly #kinship = new Kinship(markOfThis());
  readonly #redactor: Redactor;
  readonly #onOutliving: (outliving: Outliving) => void;
  #timer: NodeJS.Timeout | undefined;
  #isContained = false;
  #entersByChild = false;
  /** Those this node has started itself. */
  readonly #started = new Set<number>();
  /** Groups that end with this node: its own, and those of which it has started the leader. */
  readonly #groups = new Set<number | undefined>();

  /** `folder`: the node's own, without links in its path. */
  constructor(folder: string, redactor: Redactor, onOutliving: (outliving: Outliving) => void) {
    this.#redactor = redactor;
    this.#onOutliving = onOutliving;
    this.#kinship.addFolder(folder);
    this.#kinship.addRoot(process.pid);
    this.#groups.add(readProcess(process.pid)?.group);
  }

  ownerOf(owner: OwnerOfService): OwnerOfService {
    return owner;
  }

  /**
   * A process of a service was started in the service's folder; `check`: it is that run of its health command. `leads`: a group
   * of its own.
   */
  started(
    pid: number,
    folder: string,
    owner: Pick<Owner, 'service' | 'check'>,
    leads = false,
  ): void {
    const { service } = owner;
    this.#started.add(pid);
    if (leads) this.#groups.add(pid);
    this.#kinship.addRoot(pid, owner);
    this.#kinship.addFolder(folder, { service });
    const every = this.#isContained ? LOOK_CONTAINED_MS : LOOK_MS;
    this.#timer ??= setInterval(() => this.#kinship.look(), every).unref();
  }

  /** Services run in this box; in a whole one nothing they start outlives the node. */
  addBox({
    pid,
    isolation,
    entersByChild,
  }: Pick<Box, 'pid' | 'isolation' | 'entersByChild'>): void {
    this.#entersByChild = entersByChild;
    this.#kinship.addNetworkOf(pid);
    this.#isContained = isolation === 'full';
  }

  /**
   * Asks all processes of a service at once to end, and ends by force what is left after `graceMs`: a shell or a package
   * runner in front of a server ends without a word to it. `main` is the one that was started,
   * if it could be. `asked`: its processes in the node's group, or, of a daemon, wherever they are.
   */
  async endService(
    service: string,
    main: number | undefined,
    graceMs: number,
    asked: 'group' | 'service' = 'group',
  ): Promise<EndedService> {
    if (process.platform !== 'linux') {
      if (main !== undefined) await endTree(main, graceMs);
      return { outlived: [], immortal: [] };
    }
    const look = () => this.#others((kin) => kin.service === service);
    const isAsked = (kin: Living) => asked === 'service' || this.#isInGroup(kin);
    const own = () => this.#others((kin) => kin.service === service && isAsked(kin));
    signalAll(this.#withoutWaiters(own().found), 'SIGTERM');
    const left = await untilGone(own, graceMs);
    signalAll(left.found, 'SIGKILL');
    return this.#endRest(look);
  }

  /** Stops all processes of a service (SIGSTOP), but not those that ask for its health. Resolves to how many. */
  async pauseService(service: string, main: number): Promise<number> {
    if (process.platform !== 'linux') return signalTree(main, 'SIGSTOP');
    return stopAll(() => {
      const { found, missed } = this.#ofService(service);
      return { found: this.#withoutWaiters(found), missed };
    }, STOP_LIMIT_MS);
  }

  /** Whoever waits for a stopped process outside its box has stopped as well. */
  resumeService(service: string, main: number): void {
    if (process.platform === 'linux') signalAll(this.#ofService(service).found, 'SIGCONT');
    else signalTree(main, 'SIGCONT');
  }

  /** Kills all processes of a service at once. Resolves to how many they were, when they are gone. */
  async killService(service: string, main: number): Promise<number> {
    if (process.platform !== 'linux') {
      const count = signalTree(main, 'SIGKILL');
      await endTree(main, 0);
      return count;
    }
    const count = this.#withoutWaiters(this.#ofService(service).found).length;
    await endAll(() => this.#ofService(service), KILL_LIMIT_MS);
    return count;
  }

  #ofService(service: string): Look<Living> {
    return this.#others((kin) => kin.service === service && kin.check === undefined);
  }

  /** One run of a service's health command has failed: ends it and whatever it has started. */
  async endCheck(service: string, check: string, main: number): Promise<void> {
    if (process.platform !== 'linux') return endTree(main, 0);
    const look = () => this.#others((kin) => kin.service === service && kin.check === check);
    await endAll(look, KILL_LIMIT_MS);
  }

  /** All services were stopped: ends whatever else this node has started. */
  async endAll(): Promise<void> {
    signalAll(
      this.#others().found.filter((kin) => this.#isInGroup(kin)),
      'SIGKILL',
    );
    await this.#endRest(() => this.#others());
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

  /** Whoever is in a group of the node ends with it. */
  #isInGroup({ group }: Living): boolean {
    return this.#groups.has(group);
  }

  /** Whoever enters a box for a program only waits for it, and ends as it does: asked to end, it would leave it alone. */
  #withoutWaiters(kin: readonly Living[]): Living[] {
    if (!this.#entersByChild) return [...kin];
    const parents = new Set(kin.map(({ parent }) => parent));
    return kin.filter(({ pid }) => !this.#started.has(pid) || !parents.has(pid));
  }

  #others(isMeant: (kin: Living) => boolean = () => true): Look<Living> {
    const { found, missed } = this.#kinship.search();
    return { found: found.filter((kin) => kin.pid !== process.pid && isMeant(kin)), missed };
  }

  async #endRest(look: () => Look<Living>): Promise<EndedService> {
    const settled = await untilGone(look, SETTLE_MS);
    if (settled.found.length === 0) return { outlived: [], immortal: [] };
    const outlived: string[] = [];
    const { found } = await endAll(look, KILL_LIMIT_MS, (kin) => {
      if (this.#isInGroup(kin)) return;
      const name = nameOfProcess(kin, this.#redactor);
      if (!this.#isContained) {
        this.#onOutliving({ service: plainService(kin.service), name });
      }
      outlived.push(name);
    });
    return { outlived, immortal: found.map((kin) => nameOfProcess(kin, this.#redactor)) };
  }
}
