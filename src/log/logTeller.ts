import { scheduleOf } from '../model/chaosPresets.ts';
import type { Connections, MeshEvent, PacketBatch } from '../model/events.ts';
import { kindOf, type FaultKind } from '../model/faultKinds.ts';
import { nodeIdOf, nodeIndexOf } from '../model/nodeIds.ts';
import { FLOWS, OUTCOMES } from '../model/packetClasses.ts';
import type { Plan } from '../model/plan.ts';
import { ChunkTries } from './chunkTries.ts';
import { factsOf } from './facts.ts';
import { ConnectionTeller } from './connectionTeller.ts';
import type { LogRow, Told } from './logRow.ts';
import { tellEvent } from './tellEvent.ts';

const CHUNK = FLOWS.indexOf('chunk');
/** Of packets that did not arrive as they were sent. */
const FATES = { lost: 'lost', corrupt: 'damaged', overflow: 'dropped by a full queue' } as const;
const NOT_ARRIVED = new Map(
  (['lost', 'corrupt', 'overflow'] as const).map((fate) => [OUTCOMES.indexOf(fate), fate]),
);
/** More would push what matters out of the log; they are still counted and drawn. */
const PACKETS_TOLD = 4_000;

/** Makes the log of a run from its events, told in order. */
export class LogTeller {
  readonly #nodes: number;
  readonly #faults: readonly FaultKind[];
  readonly #ready = new Set<string>();
  readonly #downSince = new Map<string, number>();
  #hasEnded = false;
  #rows = 0;
  #packetsTold = 0;
  readonly #tries: ChunkTries;
  readonly #connections: ConnectionTeller;

  /** Of a run by that plan. */
  static of({ chaos, params: { nodes } }: Plan): LogTeller {
    return new LogTeller(
      nodes,
      scheduleOf(chaos, nodes).map((fault) => kindOf(fault.do)),
    );
  }

  /** @param faults kinds by index in the plan's schedule */
  constructor(nodes: number, faults: readonly FaultKind[] = []) {
    this.#nodes = nodes;
    this.#faults = faults;
    this.#tries = new ChunkTries(nodes);
    this.#connections = new ConnectionTeller(nodes);
  }

  /** A row for each entry of what connections between services came to. @param at when it was told of */
  connections(connections: Connections, at: number): LogRow[] {
    return this.#connections
      .lines(connections, at)
      .map((told) => ({ tone: '', ...told, number: this.#rows++, at }));
  }

  /** All rows of an event. Those of a batch of packets are at its time, as they came. */
  rows(event: MeshEvent): LogRow[] {
    if (event.type === 'packets') return this.packets(event.packets, event.at);
    if (event.type === 'connections') return this.connections(event.connections, event.at);
    const row = this.row(event);
    return row === undefined ? [] : [row];
  }

  /** The row of an event; undefined for what only charts show. */
  row(event: MeshEvent): LogRow | undefined {
    const nodeId = 'nodeId' in event ? (event.nodeId ?? '') : '';
    const since = this.#downSince.get(nodeId);
    this.#note(event);
    const downMs = since === undefined ? undefined : event.at - since;
    const told = tellEvent(event, { nodes: this.#nodes, ready: this.#ready.size, downMs });
    if (told === undefined) return undefined;
    const facts = factsOf(event, this.#faults);
    return { tone: '', ...told, number: this.#rows++, at: event.at, nodeId, facts };
  }

  /**
   * A row for each chunk that was sent again, and for each the network lost.
   * @param toldAt when the batch came, if it came by itself: rows stay in order of time
   */
  packets(batch: PacketBatch, toldAt?: number): LogRow[] {
    const rows: LogRow[] = [];
    batch.flow.forEach((flow, index) => {
      if (flow !== CHUNK) return;
      const [link = 0, chunk = 0] = [batch.link[index], batch.chunk[index]];
      const [sentAt = 0, arrivedAt = 0] = [batch.sent[index], batch.arrived[index]];
      const from = nodeIdOf(Math.floor(link / this.#nodes));
      const to = nodeIdOf(link % this.#nodes);
      const attempt = this.#tries.next(link, chunk, sentAt);
      const tell = (at: number, glyph: Told['glyph'], text: string, status: string): void => {
        if (this.#packetsTold >= PACKETS_TOLD) return;
        this.#packetsTold += 1;
        const told = { level: 'detail', glyph, tone: 'warn', text } as const;
        const facts = { type: 'packet', status, node: from, to };
        rows.push({ ...told, number: this.#rows++, at: toldAt ?? at, nodeId: from, facts });
      };
      if (attempt > 1)
        tell(sentAt, 'retry', `chunk ${chunk} to ${to} timed out, try ${attempt}`, 'repeated');
      const fate = NOT_ARRIVED.get(batch.outcome[index] ?? 0);
      if (fate !== undefined)
        tell(arrivedAt, 'cross', `chunk ${chunk} ${FATES[fate]} ${from}→${to}`, fate);
    });
    return rows;
  }

  #note(event: MeshEvent): void {
    if (event.type === 'run') this.#hasEnded = event.status !== 'started';
    if (event.type === 'phase' && event.phase === 'healthy' && event.status === 'ok') {
      if (!this.#hasEnded) this.#ready.add(event.nodeId);
    }
    if (event.type !== 'node') return;
    if (event.status === 'crashed') {
      this.#downSince.set(event.nodeId, event.at);
      this.#tries.noteCrash(nodeIndexOf(event.nodeId), event.at);
    } else if (event.status === 'restarted') this.#downSince.delete(event.nodeId);
    if (['crashed', 'halted', 'failed'].includes(event.status)) this.#ready.delete(event.nodeId);
  }
}
