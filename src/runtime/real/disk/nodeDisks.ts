import { nodeIndexOf } from '../../../model/nodeIds.ts';
import type { Fault } from '../../../model/plan.ts';
import { nodeFolder } from '../nodeFolder.ts';
import type { RealRunOptions } from '../options.ts';
import { NodeDisk, type FillableDisk, type NoDisk } from './nodeDisk.ts';

const NOT_PLANNED: NoDisk = { unavailable: 'the plan fills none' };
const TURNED_OFF: NoDisk = {
  unavailable: 'mesh.environments.json has turned namespaces off for simulations',
};

/** Where a node lives that has its disk on another host. */
export interface DiskHost {
  /** @throws MeshSimError `host-failed` */
  openDisk(): Promise<FillableDisk | NoDisk>;
}

/** The disks of a run's nodes: of those alone that a fault of the plan fills, since they lie in memory. */
export class NodeDisks {
  readonly #disks: ReadonlyMap<number, FillableDisk | NoDisk>;

  private constructor(disks: ReadonlyMap<number, FillableDisk | NoDisk>) {
    this.#disks = disks;
  }

  /**
   * @param remote nodes that live on other hosts, by index
   * @throws MeshSimError `host-failed`
   */
  static async open(
    schedule: readonly Fault[],
    { runFolder, guard }: Pick<RealRunOptions, 'runFolder' | 'guard'>,
    remote: ReadonlyMap<number, DiskHost> = new Map(),
  ): Promise<NodeDisks> {
    const filled = schedule.flatMap(({ do: effect }) =>
      'fillDisk' in effect ? [nodeIndexOf(effect.fillDisk)] : [],
    );
    const open = (node: number): Promise<FillableDisk | NoDisk> | NoDisk => {
      if (guard.namespace === 'off') return TURNED_OFF;
      return remote.get(node)?.openDisk() ?? NodeDisk.open(nodeFolder(runFolder, node));
    };
    const opened = [...new Set(filled)].map(async (node) => [node, await open(node)] as const);
    return new NodeDisks(new Map(await Promise.all(opened)));
  }

  of(node: number): FillableDisk | NoDisk {
    return this.#disks.get(node) ?? NOT_PLANNED;
  }

  /** Of the node's whole disk, where it has one. */
  bytesOf(node: number): number | undefined {
    const disk = this.of(node);
    return 'unavailable' in disk ? undefined : disk.bytes;
  }

  /** Where there is one on this machine. */
  localOf(node: number): NodeDisk | undefined {
    const disk = this.of(node);
    return disk instanceof NodeDisk ? disk : undefined;
  }

  /** Of this machine: others are closed by their hosts. */
  async close(): Promise<void> {
    const disks = [...this.#disks.values()].filter((disk) => disk instanceof NodeDisk);
    await Promise.all(disks.map((disk) => disk.close()));
  }
}
