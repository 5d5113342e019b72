import { drawUnit } from '../../src/base/random.ts';
import type { MeshEventBody, PacketBatch, Traffic } from '../../src/model/events.ts';
import { nodeIdOf } from '../../src/model/nodeIds.ts';
import { PROTOCOL_FLOWS, OUTCOMES } from '../../src/model/packetClasses.ts';
import { PHASES, planSchema } from '../../src/model/plan.ts';
import { RunBuffer } from '../../src/studio/runs/runBuffer.ts';

export const SYNTHETIC_ID = '00000000-0000-4000-8000-00000000beef';
const NODES = 10;
const LATENCY: [number, number] = [40, 180];
const CHUNKS = 400;
/** As the emulator batches. */
const BATCH_MS = 50;
/** As the emulator sums up what services say to each other. */
const TRAFFIC_MS = 100;
const SEED = 609;
const LOST = 0.02;
const LATE = 0.02;

/**
 * The events of a run that never was: what the orchestrator would push into a run's buffer if ten nodes sent so many packets
 * a second, and their services as many again. No machine with two cores emulates that rate beside a browser; the page, which is what is measured, is told the
 * same by the product's own stream.
 */
export class SyntheticRun {
  readonly buffer: RunBuffer;
  readonly #perSecond: number;
  #seq = 0;
  #packets = 0;
  #chunks = 0;
  /** ms since it began. */
  #at = 0;

  constructor(perSecond: number) {
    const plan = planSchema.parse({
      capsuleHash: 'ab'.repeat(32),
      params: { nodes: NODES, latencyMs: LATENCY },
    });
    this.#perSecond = perSecond;
    this.buffer = new RunBuffer({ simId: SYNTHETIC_ID, plan, product: 'synthetic' });
    this.#push(0, { type: 'run', status: 'started', startedAt: new Date().toISOString() });
    for (const phase of PHASES.slice(0, 3)) {
      for (let node = 0; node < NODES; node += 1) {
        this.#push(0, { type: 'phase', nodeId: nodeIdOf(node), phase, status: 'started' });
      }
    }
  }

  /** Pushes everything that happens until `ms` since the run began. */
  advanceTo(ms: number): void {
    while (this.#at + BATCH_MS <= ms) {
      this.#at += BATCH_MS;
      this.#pushChunks();
      this.#push(this.#at, { type: 'packets', packets: this.#batch() });
      if (this.#at % TRAFFIC_MS === 0) {
        this.#push(this.#at, { type: 'traffic', traffic: this.#traffic() });
      }
    }
  }

  finish(): void {
    this.#push(this.#at, { type: 'run', status: 'finished' });
    this.buffer.finish({ simId: SYNTHETIC_ID, outcome: 'pass', sentence: 'It ended.' });
  }

  #push(at: number, body: MeshEventBody): void {
    this.buffer.push({ seq: this.#seq, at, simId: SYNTHETIC_ID, ...body });
    this.#seq += 1;
  }

  /** A chunk per batch, round the nodes: the state events of a busy rollout. */
  #pushChunks(): void {
    const node = 1 + (this.#chunks % (NODES - 1));
    const have = 1 + Math.floor(this.#chunks / (NODES - 1));
    this.#chunks += 1;
    if (have > CHUNKS) return;
    this.#push(this.#at, {
      type: 'chunk',
      nodeId: nodeIdOf(node),
      from: nodeIdOf(0),
      chunk: have - 1,
      have,
      total: CHUNKS,
      status: 'stored',
    });
  }

  /** As many packets again between services: every node talks to every other. */
  #traffic(): Traffic {
    const pairs = Array.from({ length: NODES ** 2 }, (_, link) => link);
    const link = pairs.filter((pair) => Math.floor(pair / NODES) !== pair % NODES);
    const share = (this.#perSecond * TRAFFIC_MS) / 1_000 / link.length;
    const packets = link.map((pair) => Math.round(2 * share * drawUnit(SEED, this.#at, pair)));
    return {
      from: this.#at - TRAFFIC_MS,
      until: this.#at,
      targets: ['web'],
      link,
      target: link.map(() => 0),
      toward: link.map((pair) => pair % 2),
      packets,
      bytes: packets.map((count) => count * 900),
      dropped: packets.map((count) => Math.floor(count * LOST)),
      delayMs: link.map((pair) => LATENCY[0] + (LATENCY[1] - LATENCY[0]) * drawUnit(SEED, pair)),
    };
  }

  #batch(): PacketBatch {
    const batch: PacketBatch = {
      link: [],
      flow: [],
      number: [],
      sent: [],
      arrived: [],
      configured: [],
      outcome: [],
      chunk: [],
    };
    const count = Math.round((this.#perSecond * BATCH_MS) / 1_000);
    for (let index = 0; index < count; index += 1) this.#addPacket(batch, index / count);
    return batch;
  }

  /** @param share of the batch's time that had passed when its fate was known */
  #addPacket(batch: PacketBatch, share: number): void {
    const number = this.#packets++;
    const draw = (what: number): number => drawUnit(SEED, number, what);
    const from = Math.floor(draw(0) * NODES);
    const to = (from + 1 + Math.floor(draw(1) * (NODES - 1))) % NODES;
    const isLost = draw(2) < LOST;
    const delay = LATENCY[0] + draw(3) * (LATENCY[1] - LATENCY[0]) + (draw(4) < LATE ? 60 : 0);
    const known = this.#at - BATCH_MS + share * BATCH_MS;
    const sent = isLost ? known : Math.max(0, known - delay);
    const flow = Math.floor(draw(5) * PROTOCOL_FLOWS.length);
    batch.link.push(from * NODES + to);
    batch.flow.push(flow);
    batch.number.push(number);
    batch.sent.push(round(sent));
    batch.arrived.push(round(known));
    batch.configured.push(round(delay));
    batch.outcome.push(OUTCOMES.indexOf(isLost ? 'lost' : 'delivered'));
    batch.chunk.push(PROTOCOL_FLOWS[flow] === 'chunk' ? number % CHUNKS : -1);
  }
}

function round(ms: number): number {
  return Math.round(ms * 1_000) / 1_000;
}
