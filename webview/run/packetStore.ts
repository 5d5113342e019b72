import type { PacketBatch } from '../../src/model/events.ts';

/** Powers of two, so that a place in the ring is one mask away. About 30 bytes a packet. */
const CAPACITY = 1 << 18;

/** Packets of a run in columns, oldest first; the newest 262,144 are held, so memory is bounded whatever the run sends. */
export class PacketStore {
  readonly #nodes: number;
  readonly sent = new Float64Array(CAPACITY);
  readonly arrived = new Float64Array(CAPACITY);
  readonly link = new Uint16Array(CAPACITY);
  readonly flow = new Uint8Array(CAPACITY);
  readonly outcome = new Uint8Array(CAPACITY);
  /** Packets ever pushed; the newest is number `total` − 1. */
  total = 0;

  constructor(nodes: number) {
    this.#nodes = nodes;
  }

  /** Number of the oldest packet that is held. */
  get first(): number {
    return Math.max(0, this.total - CAPACITY);
  }

  /** The place of packet `number` in the columns. */
  at(number: number): number {
    return number & (CAPACITY - 1);
  }

  from(at: number): number {
    return Math.floor((this.link[at] ?? 0) / this.#nodes);
  }

  to(at: number): number {
    return (this.link[at] ?? 0) % this.#nodes;
  }

  push(batch: PacketBatch): void {
    for (let index = 0; index < batch.link.length; index += 1) {
      const at = this.at(this.total);
      this.sent[at] = batch.sent[index] ?? 0;
      this.arrived[at] = batch.arrived[index] ?? 0;
      this.link[at] = batch.link[index] ?? 0;
      this.flow[at] = batch.flow[index] ?? 0;
      this.outcome[at] = batch.outcome[index] ?? 0;
      this.total += 1;
    }
  }
}
