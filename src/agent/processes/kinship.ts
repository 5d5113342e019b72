import { closeSync } from 'node:fs';
import path from 'node:path';
import {
  holdNetworkOf,
  networkOf,
  processIds,
  readProcess,
  workingFolder,
  type ProcessEntry,
} from './procfs.ts';
import { markOf, type Mark, type Owner } from './runMark.ts';

/** How a process was known to be of the run. */
export type Way = 'folder' | 'environment' | 'group' | 'session' | 'descent' | 'network namespace';

/** A process of the run. */
export interface Kin extends Owner {
  readonly pid: number;
  readonly startedAt: number;
  readonly way: Way;
  /** The group it is in, where that is one of the run's; undefined: it may be anybody's. */
  readonly ownGroup?: number | undefined;
}

/** What a search found alive. */
export interface Search {
  readonly found: readonly (Kin & ProcessEntry)[];
  /** Processes that began during the run and are closed to this user: only their descent could be looked at. */
  readonly closed: number;
  /** Processes that had ended before they could be looked at. */
  readonly missed: number;
}

/**
 * Knows the processes that descend from the roots it is given. Who was seen to belong once stays known, by pid and start, so
 * a process that leaves its parent, group, session, folder and environment is found all the same if it was seen before,
 * or if one of these is left. A double fork between two looks that also leaves all the rest is not seen: only a box would.
 */
export class Kinship {
  readonly #whose: Pick<Mark, 'simId' | 'nodeId'>;
  /** Includes those that ended, while something alive has them as leader of its group or session. */
  readonly #known = new Map<number, Kin>();
  readonly #strangers = new Map<number, ProcessEntry>();
  /** Processes that other nodes of the run have marked: theirs for good, and most of what is young on this machine. */
  readonly #others = new Set<number>();
  readonly #networks = new Map<string, Owner & { readonly descriptor: number }>();
  readonly #folders = new Map<string, Owner>();
  /** Nothing of the run is older than its first root. */
  #since = Infinity;
  /** Of the last look. */
  #missed = 0;
  #present: ReadonlySet<number> = new Set();
  /** Those that were seen to have ended, by pid and start: nobody may ever ask how they ended. */
  readonly #over = new Set<string>();

  /** A run, or one node of it. */
  constructor(whose: Pick<Mark, 'simId' | 'nodeId'>) {
    this.#whose = whose;
  }

  /** A process this program has just started, or itself. */
  addRoot(pid: number, owner: Owner = {}): void {
    const entry = readProcess(pid);
    if (entry === undefined) return;
    this.#since = Math.min(this.#since, entry.startedAt);
    this.#strangers.delete(pid);
    this.#others.delete(pid);
    this.#known.set(pid, { ...owner, pid, startedAt: entry.startedAt, way: 'descent' });
  }

  /** Whoever works in this folder belongs to the run; its path has no links in it. One that services share tells of none. */
  addFolder(folder: string, owner: Owner = {}): void {
    const known = this.#folders.get(folder);
    const isShared = known !== undefined && known.service !== owner.service;
    this.#folders.set(folder, isShared ? { ...owner, service: undefined } : owner);
  }

  /** Whoever is in the network of this process belongs to the run. The network lasts until `close`. */
  addNetworkOf(pid: number, owner: Owner = {}): void {
    const network = holdNetworkOf(pid);
    if (network === undefined) return;
    const { descriptor, name } = network;
    if (name === networkOf('self') || this.#networks.has(name)) closeSync(descriptor);
    else this.#networks.set(name, { ...owner, descriptor });
  }

  close(): void {
    for (const { descriptor } of this.#networks.values()) closeSync(descriptor);
    this.#networks.clear();
  }

  /** Takes in what has been started since: cheap, so to be called often. */
  look(): void {
    const present = new Set(processIds());
    this.#present = present;
    for (const pid of this.#strangers.keys()) if (!present.has(pid)) this.#strangers.delete(pid);
    for (const pid of this.#others) if (!present.has(pid)) this.#others.delete(pid);
    const fresh: ProcessEntry[] = [];
    const leaders = new Set<number>();
    this.#missed = 0;
    // The newest first: whoever forks and ends at once is hardly there any more.
    for (const pid of [...present].sort((a, b) => b - a)) {
      if (this.#strangers.has(pid) || this.#others.has(pid)) continue;
      const entry = readProcess(pid);
      if (entry === undefined) this.#missed += 1;
      else if (this.#isKnown(entry)) leaders.add(entry.group).add(entry.session);
      else {
        // Its number was another's before.
        this.#known.delete(pid);
        fresh.push(entry);
      }
    }
    // Parents and leaders begin before whom they lead.
    fresh.sort((a, b) => a.startedAt - b.startedAt || a.pid - b.pid);
    for (let found = -1; found !== 0;) {
      found = 0;
      for (const entry of fresh) if (!this.#isKnown(entry) && this.#takeIn(entry)) found += 1;
    }
    for (const entry of fresh) {
      if (this.#isKnown(entry)) leaders.add(entry.group).add(entry.session);
      else if (!this.#others.has(entry.pid)) this.#strangers.set(entry.pid, entry);
    }
    // The system gives a leader's number to nobody else while somebody is led by it, but then it does.
    for (const pid of this.#known.keys()) {
      if (!present.has(pid) && !leaders.has(pid)) this.#known.delete(pid);
    }
  }

  /** Looks in every way, and returns who is alive: roots are not left out. */
  search(): Search {
    this.#strangers.clear();
    this.look();
    let [closed, missed] = [0, this.#missed];
    for (const { pid, startedAt, isOver } of this.#strangers.values()) {
      if (startedAt < this.#since) continue;
      if (isOver) {
        if (this.#sawEnd({ pid, startedAt })) missed += 1;
        continue;
      }
      // One look at its mark: of two, one may come too early and the other find a process of the run.
      const mark = markOf(pid);
      const place = this.#placeOf(pid) ?? this.#ownOf(mark);
      if (place !== undefined) this.#known.set(pid, { ...place, pid, startedAt });
      else if (mark === 'changing') missed += 1;
      else if (mark === 'closed') {
        if (this.#aliveAs(pid, startedAt) === undefined) missed += 1;
        else closed += 1;
      }
    }
    // Whom those that were just found have started, or lead.
    this.look();
    const { alive, ended } = this.#alive();
    return { found: alive, closed, missed: missed + this.#missed + ended };
  }

  /** `ended`: how many ended since they were seen. */
  #alive(): { readonly alive: (Kin & ProcessEntry)[]; readonly ended: number } {
    let ended = 0;
    const alive = [...this.#known.values()].flatMap((kin) => {
      const entry = this.#aliveAs(kin.pid, kin.startedAt);
      if (entry === undefined) {
        if (this.#present.has(kin.pid) && this.#sawEnd(kin)) ended += 1;
        return [];
      }
      const leader = this.#known.get(entry.group);
      const ownGroup = leader === undefined || leader.way === 'folder' ? undefined : entry.group;
      return [{ ...kin, ...entry, ownGroup }];
    });
    return { alive, ended };
  }

  /** True once for each process. */
  #sawEnd({ pid, startedAt }: Pick<Kin, 'pid' | 'startedAt'>): boolean {
    const { size } = this.#over;
    return this.#over.add(`${pid} ${startedAt}`).size > size;
  }

  #aliveAs(pid: number, startedAt: number): ProcessEntry | undefined {
    const entry = readProcess(pid);
    return entry?.startedAt === startedAt && !entry.isOver ? entry : undefined;
  }

  #isKnown({ pid, startedAt }: ProcessEntry): boolean {
    return this.#known.get(pid)?.startedAt === startedAt;
  }

  #takeIn(entry: ProcessEntry): boolean {
    const { pid, startedAt } = entry;
    if (startedAt < this.#since) return false;
    const mark = markOf(pid);
    const kin = this.#ownOf(mark) ?? this.#related(entry);
    if (kin !== undefined) this.#known.set(pid, { ...kin, pid, startedAt });
    else if (this.#isOfOtherNode(mark)) this.#others.add(pid);
    return kin !== undefined;
  }

  #ownOf(mark: ReturnType<typeof markOf>): (Owner & { way: Way }) | undefined {
    const { simId, nodeId } = this.#whose;
    if (typeof mark === 'string' || mark.simId !== simId) return undefined;
    if (nodeId !== undefined && mark.nodeId !== nodeId) return undefined;
    return { nodeId: mark.nodeId, service: mark.service, check: mark.check, way: 'environment' };
  }

  #isOfOtherNode(mark: ReturnType<typeof markOf>): boolean {
    const { simId, nodeId } = this.#whose;
    return typeof mark !== 'string' && mark.simId === simId && mark.nodeId !== nodeId;
  }

  /** Nearest first: a service has a group of its own, and the session is its agent's, which tells of no service. */
  #related({ pid, parent, group, session, startedAt }: ProcessEntry) {
    for (const [leader, way] of [
      [parent, 'descent'],
      [group, 'group'],
      [session, 'session'],
    ] as const) {
      const kin = this.#known.get(leader);
      if (kin === undefined || leader === pid || kin.startedAt > startedAt) continue;
      return { nodeId: kin.nodeId, service: kin.service, check: kin.check, way };
    }
    return undefined;
  }

  #placeOf(pid: number): (Owner & { way: Way }) | undefined {
    const network = this.#networks.get(networkOf(pid));
    if (network !== undefined) return { nodeId: network.nodeId, way: 'network namespace' };
    const cwd = workingFolder(pid);
    const folder = [...this.#folders.keys()]
      .filter((one) => cwd === one || cwd.startsWith(one + path.sep))
      .reduce((longest, one) => (one.length > longest.length ? one : longest), '');
    return folder === '' ? undefined : { ...this.#folders.get(folder), way: 'folder' };
  }
}
