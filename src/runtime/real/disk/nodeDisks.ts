import { nodeIndexOf } from '../../../model/nodeIds.ts';
import type { Fault } from '../../../model/plan.ts';
import { nodeFolder } from '../nodeFolder.ts';
import type { RealRunOptions } from '../options.ts';
import { NodeDisk, type NoDisk } from './nodeDisk.ts';

const NOT_PLANNED: NoDisk = { unavailable: 'the plan fills none' };
const TURNED_OFF: NoDisk = {
  unavailable: 'mesh.environments.json has turned namespaces off for simulations',
};

/** The disks of a run's nodes: of those alone that a fault of the plan fills, since they lie in memory. */
export class NodeDisks {
  readonly #disks: ReadonlyMap<number, NodeDisk | NoDisk>;

  private constructor(disks: ReadonlyMap<number, NodeDisk | NoDisk>) {
    this.#disks = disks;
  }

  static async open(
    schedule: readonly Fault[],
    { runFolder, guard }: Pick<RealRunOptions, 'runFolder' | 'guard'>,
  ): Promise<NodeDisks> {
    const filled = schedule.flatMap(({ do: effect }) =>
      'fillDisk' in effect ? [nodeIndexOf(effect.fillDisk)] : [],
    );
    const open = (node: number) =>
      guard.namespace === 'off' ? TURNED_OFF : NodeDisk.open(nodeFolder(runFolder, node));
    const opened = [...new Set(filled)].map(async (node) => [node, await open(node)] as const);
    return new NodeDisks(new Map(await Promise.all(opened)));
  }

  of(node: number): NodeDisk | NoDisk {
    return this.#disks.get(node) ?? NOT_PLANNED;
  }

  /** Where there is one. */
  diskOf(node: number): NodeDisk | undefined {
    const disk = this.of(node);
    return 'unavailable' in disk ? undefined : disk;
  }

  async close(): Promise<void> {
    const disks = [...this.#disks.values()].filter((disk) => 'close' in disk);
    await Promise.all(disks.map((disk) => disk.close()));
  }
}
