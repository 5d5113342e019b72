import { messageOf } from '../../../base/errors.ts';
import type { MeshEventBody } from '../../../model/events.ts';
import { nodeIdOf } from '../../../model/nodeIds.ts';
import type { NodeDisks } from './nodeDisks.ts';
import type { FillableDisk } from './nodeDisk.ts';

/** Between two looks at how much is free, while a disk has some room left. */
const LOOK_MS = 100;

/** A disk that a fault has filled. */
interface Filling {
  readonly disk: FillableDisk;
  readonly timer: NodeJS.Timeout;
  /** The fewest bytes that were seen free since that was last told. */
  least: number;
  /** A look at it is under way. */
  isLookedAt: boolean;
}

export interface DiskFaultsOptions {
  readonly disks: NodeDisks;
  readonly now: () => number;
  readonly emit: (at: number, body: MeshEventBody) => void;
  /** Something it waited for has happened. */
  readonly onDone: () => void;
}

type Told = Omit<Extract<MeshEventBody, { type: 'fault' }>, 'type' | 'fault' | 'nodeId'>;

/** Fills the disks of nodes as chaos asks for, and tells what came of it. */
export class DiskFaults {
  readonly #options: DiskFaultsOptions;
  /** By node, the fault that has its disk. */
  readonly #owners = new Map<number, number>();
  /** By fault; undefined: it could not be done. */
  readonly #fillings = new Map<number, Promise<Filling | undefined>>();
  #pending = 0;
  #isClosed = false;

  constructor(options: DiskFaultsOptions) {
    this.#options = options;
  }

  /** An answer is still to come. */
  get pending(): boolean {
    return this.#pending > 0;
  }

  fill(fault: number, node: number, leaveBytes: number): void {
    this.#fillings.set(fault, this.#awaited(this.#fill(fault, node, leaveBytes)));
  }

  free(fault: number, node: number): void {
    void this.#awaited(this.#free(fault, node));
  }

  /** From now on nothing is looked at. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const filling of this.#fillings.values()) clearInterval((await filling)?.timer);
  }

  async #fill(fault: number, node: number, leaveBytes: number): Promise<Filling | undefined> {
    const nodeId = nodeIdOf(node);
    const disk = this.#options.disks.of(node);
    const owner = this.#owners.get(node);
    try {
      if ('unavailable' in disk) {
        throw new Error(`${nodeId} has no disk of its own: ${disk.unavailable}`);
      }
      if (owner !== undefined) throw new Error(`fault ${owner} has filled the disk of ${nodeId}`);
      this.#owners.set(node, fault);
      const { taken, free } = await disk.fill(leaveBytes);
      const details = `${bytesOf(free)} are left on the disk of ${nodeId}`;
      this.#tell(fault, node, { status: 'acted', count: taken, free, details });
      const timer = setInterval(() => void this.#look(fault, node, filling), LOOK_MS);
      const filling: Filling = { disk, timer, least: free, isLookedAt: false };
      if (free === 0) clearInterval(timer);
      return filling;
    } catch (error) {
      this.#release(fault, node);
      this.#tell(fault, node, { status: 'not-applied', details: messageOf(error) });
      return undefined;
    }
  }

  async #free(fault: number, node: number): Promise<void> {
    const filling = await this.#fillings.get(fault);
    if (filling === undefined) return;
    clearInterval(filling.timer);
    try {
      const free = Math.min(filling.least, await filling.disk.free());
      await filling.disk.empty();
      const details = `the disk of ${nodeIdOf(node)} has room again`;
      this.#tell(fault, node, { status: 'healed', free, details });
    } catch (error) {
      this.#tell(fault, node, { status: 'acted', details: messageOf(error) });
    }
    this.#release(fault, node);
  }

  /** Tells once when the last room is used up. */
  async #look(fault: number, node: number, filling: Filling): Promise<void> {
    if (filling.isLookedAt) return;
    filling.isLookedAt = true;
    try {
      filling.least = Math.min(filling.least, await filling.disk.free());
    } catch {
      // Told when it is to have room again.
      clearInterval(filling.timer);
      return;
    } finally {
      filling.isLookedAt = false;
    }
    if (filling.least > 0 || this.#isClosed || this.#owners.get(node) !== fault) return;
    clearInterval(filling.timer);
    const details = `nothing is left on the disk of ${nodeIdOf(node)}`;
    this.#tell(fault, node, { status: 'acted', free: 0, details });
  }

  #release(fault: number, node: number): void {
    if (this.#owners.get(node) === fault) this.#owners.delete(node);
  }

  #tell(fault: number, node: number, told: Told): void {
    const { now, emit } = this.#options;
    emit(now(), { type: 'fault', fault, nodeId: nodeIdOf(node), ...told });
  }

  async #awaited<Result>(work: Promise<Result>): Promise<Result> {
    this.#pending += 1;
    try {
      return await work;
    } finally {
      this.#pending -= 1;
      this.#options.onDone();
    }
  }
}

function bytesOf(count: number): string {
  return count === 0 ? 'no bytes' : `${count} bytes`;
}
