import type { RunSnapshot, StreamEnd } from '../../src/model/api.ts';
import type { MeshEvent } from '../../src/model/events.ts';
import type { Plan } from '../../src/model/plan.ts';
import { applyEvent, newRunView, type RunView } from '../../src/model/runView.ts';
import type { LogRow } from './logRow.ts';
import { LogTeller } from './logTeller.ts';
import { PacketStore } from './packetStore.ts';
import { DELIVERED, UNREACHABLE } from './linkStatistics.ts';

/** A view of any past instant costs at most this many events to fold. */
const CHECKPOINT_EVENTS = 400;
const LOG_ROWS_HELD = 20_000;

interface Checkpoint {
  /** State events folded into the view. */
  readonly folded: number;
  readonly view: RunView;
}

/** One run, live or recorded: everything that happened, and the view of any instant of it. */
export class RunHistory {
  readonly simId: string;
  readonly plan: Plan;
  readonly nodes: number;
  /** Now: everything that has come. */
  view: RunView;
  readonly packets: PacketStore;
  readonly events: MeshEvent[] = [];
  log: LogRow[] = [];
  end: StreamEnd | undefined;
  isConnected = true;
  droppedPackets: number;
  readonly #checkpoints: Checkpoint[] = [];
  readonly #teller: LogTeller;

  constructor(snapshot: RunSnapshot) {
    this.simId = snapshot.simId;
    this.plan = snapshot.plan;
    this.nodes = snapshot.plan.params.nodes;
    this.view = newRunView(this.nodes);
    this.packets = new PacketStore(this.nodes);
    this.#teller = new LogTeller(this.nodes);
    this.droppedPackets = snapshot.droppedPackets;
    for (const event of snapshot.events) this.push(event);
    for (const batch of snapshot.packets) {
      this.#pushPackets(batch, this.view.at);
      this.log.push(...this.#teller.losses(batch));
    }
    this.log.sort((left, right) => left.at - right.at);
  }

  push(event: MeshEvent): void {
    if (event.type === 'packets') {
      this.#pushPackets(event.packets, event.at);
      for (const row of this.#teller.losses(event.packets, event.at)) this.#log(row);
      return;
    }
    const row = this.#teller.row(event);
    if (row !== undefined) this.#log(row);
    if (event.type === 'log') return;
    if (this.events.length % CHECKPOINT_EVENTS === 0) {
      this.#checkpoints.push({ folded: this.events.length, view: structuredClone(this.view) });
    }
    this.events.push(event);
    applyEvent(this.view, event);
  }

  /** What was known `t` ms after the run began. Packet counters are of the packets that are held. */
  viewAt(t: number): RunView {
    if (t >= this.view.at) return this.view;
    const start = this.#checkpoints.findLast(({ folded }) => (this.events[folded]?.at ?? 0) <= t);
    const view = start === undefined ? newRunView(this.nodes) : structuredClone(start.view);
    for (const event of this.events.slice(start?.folded ?? 0)) {
      if (event.at > t) break;
      applyEvent(view, event);
    }
    return countPackets(view, this.packets, t);
  }

  #pushPackets(batch: Parameters<PacketStore['push']>[0], at: number): void {
    this.packets.push(batch);
    const { simId } = this;
    applyEvent(this.view, {
      seq: 0,
      at: Math.max(at, this.view.at),
      simId,
      type: 'packets',
      packets: batch,
    });
  }

  #log(row: LogRow): void {
    this.log.push(row);
    if (this.log.length > LOG_ROWS_HELD) this.log = this.log.slice(LOG_ROWS_HELD / 2);
  }
}

/** The packets sent until `t`, and what had become of them by then. */
function countPackets(view: RunView, packets: PacketStore, t: number): RunView {
  let [sent, delivered, lost, unreachable] = [0, 0, 0, 0];
  for (let number = packets.first; number < packets.total; number += 1) {
    const at = packets.at(number);
    if ((packets.sent[at] ?? 0) > t) continue;
    sent += 1;
    if ((packets.arrived[at] ?? 0) > t) continue;
    const outcome = packets.outcome[at] ?? 0;
    if (outcome === DELIVERED) delivered += 1;
    else if (UNREACHABLE.includes(outcome)) unreachable += 1;
    else lost += 1;
  }
  return Object.assign(view, {
    packetsSent: sent,
    packetsDelivered: delivered,
    packetsLost: lost,
    packetsUnreachable: unreachable,
  });
}
