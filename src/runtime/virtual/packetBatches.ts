import type { PacketBatch } from '../../model/events.ts';
import { MAX_BATCH_PACKETS, PacketColumns } from '../packetColumns.ts';
import type { SealedPacket } from './packetSealer.ts';

/** As the real world's: one event per 50 ms keeps a stream of packets readable. */
const BATCH_MS = 50;

/** Gathers packets into batches, in the order in which their fates were sealed. */
export class PacketBatches {
  readonly #columns = new PacketColumns();
  readonly #nodes: number;
  readonly #emit: (packets: PacketBatch) => void;
  #begunAt = 0;

  constructor(nodes: number, emit: (packets: PacketBatch) => void) {
    this.#nodes = nodes;
    this.#emit = emit;
  }

  add(packet: SealedPacket, nowMs: number): void {
    if (this.#columns.size === 0) this.#begunAt = nowMs;
    this.#columns.add({ ...packet, link: packet.from * this.#nodes + packet.to });
    if (this.#columns.size >= MAX_BATCH_PACKETS || nowMs - this.#begunAt >= BATCH_MS) this.flush();
  }

  flush(): void {
    const batch = this.#columns.take();
    if (batch !== null) this.#emit(batch);
  }
}
