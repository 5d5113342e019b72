import type { PlanInput } from '../../src/model/plan.ts';
import { Emulator } from '../../src/network/emulator.ts';
import { compileLinks } from '../../src/network/linkTable.ts';
import { PacketColumns } from '../../src/runtime/packetColumns.ts';
import { EmulatorSwitch } from '../../src/runtime/real/switch/emulatorSwitch.ts';
import type { PacketOutlet, SeenPacket } from '../../src/runtime/real/switch/packetSwitch.ts';
import type { RefusalNews } from '../../src/runtime/real/switch/refusals.ts';
import { virtualPlan } from './virtualPlans.ts';

/** A relay that keeps what it is given. */
export class Outlet implements PacketOutlet {
  readonly node: number;
  isUp = true;
  isFull = false;
  isClosed = false;
  readonly arrived: Buffer[] = [];
  /** See PacketOutlet. */
  readonly due: number[] = [];
  #added: Buffer[] = [];

  readonly place: number;

  constructor(node: number, place = 0) {
    this.node = node;
    this.place = place;
  }

  get hasPackets(): boolean {
    return this.#added.length > 0;
  }

  add(packet: Buffer, dueMs: number): void {
    this.due.push(dueMs);
    this.#added.push(packet);
  }

  flush(): void {
    for (const packet of this.#added) this.arrived.push(packet);
    this.#added = [];
  }

  close(): void {
    this.isClosed = true;
  }
}

/** A switch of three nodes whose clock stands until it is moved. */
export function switchOfThree(
  input: Partial<PlanInput> = {},
  onRefusal?: (news: RefusalNews) => void,
) {
  const plan = virtualPlan({ params: { nodes: 3, latencyMs: [10, 10] }, ...input });
  const emulator = new Emulator(compileLinks(plan));
  const seen: SeenPacket[] = [];
  const wakes: number[] = [];
  const clock = { now: 0 };
  const forwarder = new EmulatorSwitch({
    emulator,
    packets: new PacketColumns(),
    now: () => clock.now,
    wakeAt: (dueAt) => wakes.push(dueAt),
    onServicePacket: (packet) => seen.push(packet),
    ...(onRefusal === undefined ? {} : { onRefusal }),
  });
  const outlets = [0, 1, 2].map((node) => new Outlet(node));
  for (const outlet of outlets) forwarder.connectPackets(outlet);
  const deliverAt = (now: number) => {
    clock.now = now;
    forwarder.deliverDue();
  };
  return { emulator, forwarder, outlets, seen, wakes, deliverAt };
}
