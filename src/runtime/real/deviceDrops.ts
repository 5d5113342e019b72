import { MESH_DEVICE } from '../../model/meshAddress.ts';
import { readRegularSync } from '../../base/regularFile.ts';

/**
 * Packets that the devices of nodes dropped before the emulator saw them: their queues are longer than what a relay leaves
 * lying, so none is expected, and no plan says that any is lost.
 */
export class DeviceDrops {
  /** By node, a process in the network of each of its present boxes. */
  readonly #boxes = new Map<string, number[]>();
  readonly #dropsOf: (pid: number) => number | undefined;
  #dropped = 0;
  #isComplete = true;

  constructor(dropsOf = dropsOnDevice) {
    this.#dropsOf = dropsOf;
  }

  /** The node has a box with a device, one more perhaps, and this process is in its network, if it has one. */
  add(nodeId: string, pid: number | undefined): void {
    if (pid !== undefined) this.#boxes.set(nodeId, [...(this.#boxes.get(nodeId) ?? []), pid]);
  }

  /** To be called while its boxes are still there: devices go with them. */
  take(nodeId: string): void {
    const pids = this.#boxes.get(nodeId) ?? [];
    this.#boxes.delete(nodeId);
    for (const dropped of pids.map((pid) => this.#dropsOf(pid))) {
      if (dropped === undefined) this.#isComplete = false;
      else this.#dropped += dropped;
    }
  }

  /** Null: some device had gone before it could be looked at. */
  get total(): number | null {
    return this.#isComplete ? this.#dropped : null;
  }
}

/** What the device in the network of a process has dropped on its way out; undefined: it cannot be looked at. */
export function dropsOnDevice(pid: number): number | undefined {
  try {
    return dropsIn(readRegularSync(`/proc/${pid}/net/dev`).toString('utf8'));
  } catch {
    return undefined;
  }
}

/** Of proc_pid_net(5) `dev`: after the name eight counters of what came in, then bytes, packets, errors and drops of what went out. */
export function dropsIn(table: string): number | undefined {
  const line = table.split('\n').find((one) => one.trim().startsWith(`${MESH_DEVICE}:`));
  const [, , , , , , , , , , , dropped] = (line ?? '').split(':')[1]?.trim().split(/\s+/) ?? [];
  return dropped === undefined ? undefined : Number(dropped);
}
