import { BINS, binOf } from './latencyBins.ts';
import { DELIVERED, isLate, UNREACHABLE } from './linkStatistics.ts';
import type { PacketStore } from './packetStore.ts';

/** Counts of packets by directed link, index from · nodes + to; row `links` of the bins is of all links together. */
export class LinkTally {
  readonly links: number;
  readonly #maxMs: number;
  readonly sent: Uint32Array;
  readonly lost: Uint32Array;
  readonly late: Uint32Array;
  readonly #bins: Uint32Array;

  /** @param maxMs the configured maximum: what took longer is late */
  constructor(links: number, maxMs: number) {
    this.links = links;
    this.#maxMs = maxMs;
    this.sent = new Uint32Array(links + 1);
    this.lost = new Uint32Array(links + 1);
    this.late = new Uint32Array(links + 1);
    this.#bins = new Uint32Array((links + 1) * BINS);
  }

  /** Of as many links, with nothing counted. */
  empty(): LinkTally {
    return new LinkTally(this.links, this.#maxMs);
  }

  copy(): LinkTally {
    const copy = this.empty();
    copy.sent.set(this.sent);
    copy.lost.set(this.lost);
    copy.late.set(this.late);
    copy.#bins.set(this.#bins);
    return copy;
  }

  /** Latencies of delivered packets by bin, of one link or, at index `links`, of all. */
  binsOf(link: number): Uint32Array {
    return this.#bins.subarray(link * BINS, (link + 1) * BINS);
  }

  /** Counts the packet at a place of the store; one that met a dead peer or a partition says nothing of the link. */
  add(packets: PacketStore, at: number): void {
    const outcome = packets.outcome[at] ?? 0;
    if (UNREACHABLE.includes(outcome)) return;
    const latency = (packets.arrived[at] ?? 0) - (packets.sent[at] ?? 0);
    this.#count(packets.link[at] ?? 0, outcome, latency);
    this.#count(this.links, outcome, latency);
  }

  #count(row: number, outcome: number, latency: number): void {
    increment(this.sent, row);
    if (outcome !== DELIVERED) {
      increment(this.lost, row);
      return;
    }
    if (isLate(latency, this.#maxMs)) increment(this.late, row);
    increment(this.#bins, row * BINS + binOf(latency));
  }
}

function increment(counts: Uint32Array, index: number): void {
  counts[index] = (counts[index] ?? 0) + 1;
}
