import { EventEmitter, once } from 'node:events';
import type { RunSnapshot, StreamEnd } from '../../model/api.ts';
import type { MeshEvent, PacketBatch } from '../../model/events.ts';
import type { Plan } from '../../model/plan.ts';

/** Enough for ten nodes at 10,000 packets a second for 20 s; about 100 bytes each. */
const PACKETS_HELD = 200_000;
const LOG_LINES_HELD = 5_000;
/** Ten of each a second at most: a quarter of an hour, of up to 3 KB each. */
const TRAFFIC_HELD = 10_000;

type PacketEvent = Extract<MeshEvent, { type: 'packets' }>;
type LogEvent = Extract<MeshEvent, { type: 'log' }>;
type TrafficEvent = Extract<MeshEvent, { type: 'traffic' | 'connections' }>;
type RunStatus = Extract<MeshEvent, { type: 'run' }>['status'];

/** Packets and log lines are streamed as messages of their own types. */
export function isDetail(event: MeshEvent): event is PacketEvent | LogEvent {
  return event.type === 'packets' || event.type === 'log';
}

function countOf(batch: PacketBatch): number {
  return batch.link.length;
}

/**
 * The events of one run, for any number of readers. Each reader keeps its own place; the buffer holds every state event and
 * the newest details (packets, log lines, what services say to each other), so a reader that never reads costs nothing.
 */
export class RunBuffer {
  readonly simId: string;
  readonly plan: Plan;
  readonly product: string;
  #end: StreamEnd | undefined;
  #startedAt: string | undefined;
  #status: RunStatus | undefined;
  #seq = -1;
  readonly #state: MeshEvent[] = [];
  #packets: PacketEvent[] = [];
  #packetsHeld = 0;
  #packetsDropped = 0;
  #logs: LogEvent[] = [];
  #traffic: TrafficEvent[] = [];
  /** Details up to this sequence number may be missing. */
  #forgotten = -1;
  /** Each is written out once, however many read it, and for as long as it is held. */
  readonly #lines = new WeakMap<MeshEvent, string>();
  readonly #changes = new EventEmitter().setMaxListeners(0);

  constructor(run: { simId: string; plan: Plan; product: string }) {
    this.simId = run.simId;
    this.plan = run.plan;
    this.product = run.product;
  }

  /** Sequence number of the newest event; -1: none yet. */
  get seq(): number {
    return this.#seq;
  }

  get end(): StreamEnd | undefined {
    return this.#end;
  }

  /** What the run said of itself last; undefined: nothing yet. */
  get status(): RunStatus | undefined {
    return this.#status;
  }

  /** @param line the event as JSON, where it was written out already */
  push(event: MeshEvent, line?: string): void {
    this.#seq = event.seq;
    if (line !== undefined) this.#lines.set(event, line);
    if (event.type === 'run') {
      this.#startedAt = event.startedAt ?? this.#startedAt;
      this.#status = event.status;
    }
    if (event.type === 'packets') this.#holdPackets(event);
    else if (event.type === 'log') this.#logs = this.#held(this.#logs, event, LOG_LINES_HELD);
    else if (event.type === 'traffic' || event.type === 'connections') {
      this.#traffic = this.#held(this.#traffic, event, TRAFFIC_HELD);
    } else this.#state.push(event);
    this.#changes.emit('change');
  }

  finish(end: StreamEnd): void {
    this.#end = end;
    this.#changes.emit('change');
  }

  /** Events after `seq`, in order; undefined when details among them are no longer held. */
  since(seq: number): MeshEvent[] | undefined {
    if (seq < this.#forgotten) return undefined;
    const held = [this.#state, this.#packets, this.#logs, this.#traffic];
    return inOrder(held.flatMap((events) => events.slice(firstAfter(events, seq))));
  }

  /** An event of this buffer as JSON, on one line. */
  lineOf(event: MeshEvent): string {
    const line = this.#lines.get(event) ?? JSON.stringify(event);
    this.#lines.set(event, line);
    return line;
  }

  /** Everything up to now; the log lines that are held are not part of it, see `logs`. */
  snapshot(): RunSnapshot {
    return {
      simId: this.simId,
      seq: this.#seq,
      plan: this.plan,
      product: this.product,
      ...(this.#startedAt === undefined ? {} : { startedAt: this.#startedAt }),
      isRunning: this.#end === undefined,
      events: inOrder([...this.#state, ...this.#traffic]),
      packets: this.#packets.map(({ packets }) => packets),
      droppedPackets: this.#packetsDropped,
    };
  }

  logs(): readonly LogEvent[] {
    return [...this.#logs];
  }

  /** Resolves at the next event or at the end. @throws the signal's reason */
  async changed(signal: AbortSignal): Promise<void> {
    await once(this.#changes, 'change', { signal });
  }

  #holdPackets(event: PacketEvent): void {
    this.#packets.push(event);
    this.#packetsHeld += countOf(event.packets);
    while (this.#packetsHeld > PACKETS_HELD && this.#packets.length > 1) {
      const oldest = this.#packets.shift();
      if (oldest === undefined) return;
      this.#packetsHeld -= countOf(oldest.packets);
      this.#packetsDropped += countOf(oldest.packets);
      this.#forgotten = Math.max(this.#forgotten, oldest.seq);
    }
  }

  /** Half is let go of at a time: removing one per event would move the whole list each time. */
  #held<T extends MeshEvent>(events: T[], event: T, most: number): T[] {
    events.push(event);
    if (events.length <= most) return events;
    const forgotten = events[most / 2 - 1]?.seq ?? -1;
    this.#forgotten = Math.max(this.#forgotten, forgotten);
    return events.slice(most / 2);
  }
}

function inOrder(events: MeshEvent[]): MeshEvent[] {
  return events.sort((left, right) => left.seq - right.seq);
}

/** Index of the first event with a higher sequence number; events are in order. */
function firstAfter(events: readonly MeshEvent[], seq: number): number {
  let low = 0;
  let high = events.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((events[middle]?.seq ?? Infinity) <= seq) low = middle + 1;
    else high = middle;
  }
  return low;
}
