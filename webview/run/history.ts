import type { RunSnapshot, StreamEnd } from '../../src/model/api.ts';
import type { CaptureMode } from '../../src/model/captureMode.ts';
import type { MeshEvent } from '../../src/model/events.ts';
import { isPlacedOn } from '../../src/model/placement.ts';
import { LastWords } from '../../src/model/lastWords.ts';
import type { Plan } from '../../src/model/plan.ts';
import { applyEvent, newRunView, type RunView } from '../../src/model/runView.ts';
import { FaultSpans } from './faultSpans.ts';
import { NodeLanes } from './laneSegments.ts';
import type { LogRow } from '../../src/log/logRow.ts';
import { LogTeller } from '../../src/log/logTeller.ts';
import { progressOf, type NodeProgress } from './nodeProgress.ts';
import { classIndex } from './packetClass.ts';
import { PacketStore, type ClassCounts } from './packetStore.ts';
import { RoundTrips } from './roundTrips.ts';
import { TrafficStore } from './trafficStore.ts';
import { UpgradeSpans } from './upgradeSpans.ts';
import { linkedBy, waitsFor, type Linked } from './waitsFor.ts';

/** A view of any past instant costs at most this many events to fold. */
const CHECKPOINT_EVENTS = 400;
/** Beyond, every second one is given up: the copies of a run of any length stay within a megabyte or two. */
const CHECKPOINTS_HELD = 256;
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
  /** Of the rollout's protocol. */
  readonly packets: PacketStore;
  /** Between services. */
  readonly traffic = new TrafficStore();
  readonly roundTrips: RoundTrips;
  readonly lanes: NodeLanes;
  readonly lastWords = new LastWords();
  readonly faults: FaultSpans;
  /** Undefined: nodes run one Capsule from the start on. */
  readonly upgrade: UpgradeSpans | undefined;
  readonly events: MeshEvent[] = [];
  log: LogRow[] = [];
  end: StreamEnd | undefined;
  isConnected = true;
  droppedPackets: number;
  readonly #teller: LogTeller;
  /** By the plan's topology. */
  readonly linked: Linked;
  #checkpoints: Checkpoint[] = [];
  #checkpointEvery = CHECKPOINT_EVENTS;
  /** The past instant that was asked for last: a frame's views all ask for the same. */
  #past: { readonly t: number; readonly packets: number; readonly view: RunView } | undefined;

  constructor(snapshot: RunSnapshot) {
    const { plan } = snapshot;
    this.simId = snapshot.simId;
    this.plan = plan;
    this.nodes = plan.params.nodes;
    this.view = newRunView(this.nodes);
    this.packets = new PacketStore(this.nodes, plan.params.latencyMs[1]);
    this.roundTrips = new RoundTrips(this.nodes);
    this.lanes = new NodeLanes(this.nodes);
    this.faults = new FaultSpans(plan);
    this.upgrade = plan.upgrade && new UpgradeSpans(this.nodes);
    this.#teller = LogTeller.of(plan);
    this.linked = linkedBy(plan);
    this.droppedPackets = snapshot.droppedPackets;
    for (const event of snapshot.events) this.push(event);
    const rows = snapshot.packets.flatMap((batch) => {
      this.#pushPackets(batch, this.view.at);
      return this.#teller.packets(batch);
    });
    this.log = [...this.log, ...rows].sort((left, right) => left.at - right.at);
  }

  push(event: MeshEvent): void {
    for (const row of this.#teller.rows(event)) this.#log(row);
    if (event.type === 'packets') {
      this.#pushPackets(event.packets, event.at);
      return;
    }
    if (event.type === 'traffic' || event.type === 'connections') {
      this.#pushTraffic(event);
      return;
    }
    this.lastWords.event(event);
    if (event.type === 'log') return;
    if (this.events.length % this.#checkpointEvery === 0) this.#checkpoint();
    this.events.push(event);
    this.lanes.push(event);
    this.faults.push(event);
    this.upgrade?.push(event);
    applyEvent(this.view, event);
  }

  /**
   * What was known `t` ms after the run began; callers do not change it. Packets that are no longer held count as far as
   * `t` is later than all of them.
   */
  viewAt(t: number): RunView {
    if (t >= this.view.at) return this.view;
    const packets = this.packets.total;
    if (this.#past?.t !== t || this.#past.packets !== packets) {
      this.#past = { t, packets, view: countPackets(this.#foldUntil(t), this.packets, t) };
    }
    return this.#past.view;
  }

  /** What of each packet between services this run keeps; undefined: nothing. */
  get capture(): CaptureMode | undefined {
    const [first] = this.events;
    return first?.type === 'run' ? first.capture : undefined;
  }

  /** How far each node is in a view of this run. Services are counted against those that any node has started by now and the plan places there. */
  progressOf(view: RunView): NodeProgress[] {
    const { placement } = this.plan;
    const { services } = this.view;
    return progressOf(view, {
      services: (nodeId) => services.filter((name) => isPlacedOn(placement, name, nodeId)),
      isPlaced: placement !== undefined,
      waits: waitsFor(view.nodes, this.linked),
      acting: (node) => this.faults.actingAt(node, view.at),
      version: (node) => this.upgrade?.versionAt(node, view.at),
    });
  }

  /** Packets by class whose fate was known at `t`, ms. */
  packetsAt(t: number): ClassCounts {
    return t >= this.view.at ? this.packets.totals : this.packets.countsAt(t).known;
  }

  #foldUntil(t: number): RunView {
    const start = this.#checkpoints.findLast(({ folded }) => (this.events[folded]?.at ?? 0) <= t);
    const view = start === undefined ? newRunView(this.nodes) : structuredClone(start.view);
    for (let index = start?.folded ?? 0; index < this.events.length; index += 1) {
      const event = this.events[index];
      if (event === undefined || event.at > t) break;
      applyEvent(view, event);
    }
    return view;
  }

  #checkpoint(): void {
    this.#checkpoints.push({ folded: this.events.length, view: structuredClone(this.view) });
    if (this.#checkpoints.length < CHECKPOINTS_HELD) return;
    this.#checkpoints = this.#checkpoints.filter((_, index) => index % 2 === 0);
    this.#checkpointEvery *= 2;
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

  #pushTraffic(event: Extract<MeshEvent, { type: 'traffic' | 'connections' }>): void {
    if (event.type === 'traffic') this.traffic.push(event.traffic);
    else this.roundTrips.push(event.connections, event.at);
    // How far the run has come.
    applyEvent(this.view, event);
  }

  /** In the order of time: of a run that was opened late, what its services said comes after all else. */
  #log(row: LogRow): void {
    const before = this.log.findLastIndex(({ at }) => at <= row.at);
    // Whoever has read the rows until here finds one put among them by another array.
    if (before + 1 < this.log.length) this.log = this.log.toSpliced(before + 1, 0, row);
    else this.log.push(row);
    if (this.log.length > LOG_ROWS_HELD) this.log = this.log.slice(LOG_ROWS_HELD / 2);
  }
}

const UNREACHABLE = [classIndex('cut'), classIndex('dead')];
const LOST = [classIndex('lost'), classIndex('corrupt')];

/** The packets sent until `t`, and what had become of them by then. */
function countPackets(view: RunView, packets: PacketStore, t: number): RunView {
  const { sent, known } = packets.countsAt(t);
  const sum = (classes: readonly number[]): number =>
    classes.reduce((total, index) => total + (known[index] ?? 0), 0);
  const [lost, unreachable] = [sum(LOST), sum(UNREACHABLE)];
  return Object.assign(view, {
    packetsSent: sent,
    packetsDelivered: known.reduce((total, count) => total + count, 0) - lost - unreachable,
    packetsLost: lost,
    packetsUnreachable: unreachable,
  });
}
