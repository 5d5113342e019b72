import type { PacketBatch } from '../../model/events.ts';
import type { SealedPacket } from './world.ts';

/** As the real world's: one event per 50 ms keeps a stream of packets readable. */
const BATCH_MS = 50;
const BATCH_PACKETS = 4096;

function emptyBatch(): PacketBatch {
  return {
    link: [],
    flow: [],
    number: [],
    sent: [],
    arrived: [],
    configured: [],
    outcome: [],
    chunk: [],
  };
}

const round3 = (ms: number) => Math.round(ms * 1000) / 1000;

/** Gathers packets into batches, in the order in which their fates were sealed. */
export class PacketColumns {
  readonly #nodes: number;
  readonly #emit: (packets: PacketBatch) => void;
  #batch = emptyBatch();
  #begunAt = 0;

  constructor(nodes: number, emit: (packets: PacketBatch) => void) {
    this.#nodes = nodes;
    this.#emit = emit;
  }

  add(packet: SealedPacket, nowMs: number): void {
    const batch = this.#batch;
    if (batch.link.length === 0) this.#begunAt = nowMs;
    batch.link.push(packet.from * this.#nodes + packet.to);
    batch.flow.push(packet.flow);
    batch.number.push(packet.number);
    batch.sent.push(round3(packet.sent));
    batch.arrived.push(round3(packet.arrived));
    batch.configured.push(packet.configured);
    batch.outcome.push(packet.outcome);
    batch.chunk.push(packet.chunk);
    if (batch.link.length >= BATCH_PACKETS || nowMs - this.#begunAt >= BATCH_MS) this.flush();
  }

  flush(): void {
    if (this.#batch.link.length === 0) return;
    const batch = this.#batch;
    this.#batch = emptyBatch();
    this.#emit(batch);
  }
}
