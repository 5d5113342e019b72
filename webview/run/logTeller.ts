import type { MeshEvent, PacketBatch } from '../../src/model/events.ts';
import { nodeIdOf } from '../../src/model/nodeIds.ts';
import { FLOWS, OUTCOMES } from '../../src/model/packetClasses.ts';
import type { LogRow } from './logRow.ts';
import { tellEvent } from './tellEvent.ts';

const CHUNK = FLOWS.indexOf('chunk');
const NOT_ARRIVED = new Map([
  [OUTCOMES.indexOf('lost'), 'lost'],
  [OUTCOMES.indexOf('corrupt'), 'damaged'],
  [OUTCOMES.indexOf('overflow'), 'dropped by a full queue'],
]);
/** More would push what matters out of the log; they are still counted and drawn. */
const LOSSES_TOLD = 4_000;

/** Makes the log of a run from its events, told in order. */
export class LogTeller {
  readonly #nodes: number;
  readonly #ready = new Set<string>();
  readonly #downSince = new Map<string, number>();
  #hasEnded = false;
  #rows = 0;
  #losses = 0;

  constructor(nodes: number) {
    this.#nodes = nodes;
  }

  /** The row of an event; undefined for what only charts show. */
  row(event: MeshEvent): LogRow | undefined {
    const nodeId = 'nodeId' in event ? (event.nodeId ?? '') : '';
    const since = this.#downSince.get(nodeId);
    this.#note(event);
    const downMs = since === undefined ? undefined : event.at - since;
    const told = tellEvent(event, { nodes: this.#nodes, ready: this.#ready.size, downMs });
    if (told === undefined) return undefined;
    return { tone: '', ...told, number: this.#rows++, at: event.at, nodeId };
  }

  /** A row for each chunk the network lost. @param toldAt when the batch came, if it came by itself: rows stay in order of time */
  losses(batch: PacketBatch, toldAt?: number): LogRow[] {
    const rows: LogRow[] = [];
    batch.outcome.forEach((outcome, index) => {
      const fate = NOT_ARRIVED.get(outcome);
      if (fate === undefined || batch.flow[index] !== CHUNK || this.#losses >= LOSSES_TOLD) return;
      this.#losses += 1;
      const link = batch.link[index] ?? 0;
      const from = nodeIdOf(Math.floor(link / this.#nodes));
      const to = nodeIdOf(link % this.#nodes);
      rows.push({
        number: this.#rows++,
        at: toldAt ?? batch.arrived[index] ?? 0,
        nodeId: from,
        level: 'detail',
        glyph: 'cross',
        tone: 'warn',
        text: `chunk ${batch.chunk[index] ?? ''} ${fate} ${from}→${to}`,
      });
    });
    return rows;
  }

  #note(event: MeshEvent): void {
    if (event.type === 'run') this.#hasEnded = event.status !== 'started';
    if (event.type === 'phase' && event.phase === 'healthy' && event.status === 'ok') {
      if (!this.#hasEnded) this.#ready.add(event.nodeId);
    }
    if (event.type !== 'node') return;
    if (event.status === 'crashed') this.#downSince.set(event.nodeId, event.at);
    else if (event.status === 'restarted') this.#downSince.delete(event.nodeId);
    if (['crashed', 'halted', 'failed'].includes(event.status)) this.#ready.delete(event.nodeId);
  }
}
