import type { PacketBatch } from '../model/events.ts';

const NO_CHUNK = -1;

export interface PacketRecord {
  readonly link: number;
  readonly flow: number;
  readonly number: number;
  /** ms since the run began. */
  readonly sent: number;
  /** ms since the run began: when it was handed over, or died. */
  readonly arrived: number;
  /** ms. */
  readonly configured: number;
  /** Index in OUTCOMES. */
  readonly outcome: number;
  /** Chunk index, or -1. */
  readonly chunk: number;
}

/** A batch is closed at this size at the latest: about 300 KB as JSON. */
export const MAX_BATCH_PACKETS = 4_096;

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

/** Times in evidence have 3 decimals of a millisecond. */
function toMicros(ms: number): number {
  return Math.round(ms * 1_000) / 1_000;
}

/** Collects packets in columns, between two batches. */
export class PacketColumns {
  #batch = emptyBatch();

  get size(): number {
    return this.#batch.link.length;
  }

  add(packet: PacketRecord): void {
    const batch = this.#batch;
    batch.link.push(packet.link);
    batch.flow.push(packet.flow);
    batch.number.push(packet.number);
    batch.sent.push(toMicros(packet.sent));
    batch.arrived.push(toMicros(packet.arrived));
    batch.configured.push(toMicros(packet.configured));
    batch.outcome.push(packet.outcome);
    batch.chunk.push(packet.chunk >= 0 ? packet.chunk : NO_CHUNK);
  }

  /** What was collected since the last call; null when nothing was. */
  take(): PacketBatch | null {
    if (this.size === 0) return null;
    const batch = this.#batch;
    this.#batch = emptyBatch();
    return batch;
  }
}
