import type { PacketBatch } from '../../src/model/events.ts';
import { classIndex, classOf, PACKET_CLASSES } from './packetClass.ts';
import { PacketHistogram } from './packetHistogram.ts';

/** Powers of two, so that a place in the ring is one mask away. About 40 bytes a packet. */
const CAPACITY = 1 << 18;
const BLOCK_BITS = 8;
const BLOCK = 1 << BLOCK_BITS;
const CLASSES = PACKET_CLASSES.length;
const CUT = classIndex('cut');
const LOST = classIndex('lost');

/** How many packets of each class, by index in PACKET_CLASSES. */
export type ClassCounts = Float64Array;

/**
 * Packets of a run in columns; the newest 262,144 are held, so memory is bounded whatever the run sends.
 *
 * They are held in the order in which their fates were told, which is by arrival rather than by sending and not strictly that
 * either. So the index is not a sorted column but a summary of every 256: the earliest sending and the latest end in it. What
 * lies in a stretch of time is found by looking at no more than 1,024 summaries, whatever the order.
 */
export class PacketStore {
  readonly #nodes: number;
  readonly #maxLatencyMs: number;
  readonly sent = new Float64Array(CAPACITY);
  readonly arrived = new Float64Array(CAPACITY);
  /** When its curve ends: its arrival, or when it would have arrived had it not died on the way. */
  readonly ends = new Float64Array(CAPACITY);
  readonly link = new Uint16Array(CAPACITY);
  readonly flow = new Uint8Array(CAPACITY);
  readonly outcome = new Uint8Array(CAPACITY);
  /** Index in PACKET_CLASSES. */
  readonly kind = new Uint8Array(CAPACITY);
  /** Index of the chunk it carried, or −1. */
  readonly chunk = new Int32Array(CAPACITY);
  /** Packets ever pushed; the newest is number `total` − 1. */
  total = 0;
  /** Of all packets ever pushed. */
  readonly totals: ClassCounts = new Float64Array(CLASSES);
  readonly histogram = new PacketHistogram();
  /** Of those no longer held. */
  readonly #forgotten: ClassCounts = new Float64Array(CLASSES);
  /** The latest sending among them, ms. */
  #forgottenUntil = -Infinity;
  readonly #firstSent = new Float64Array(CAPACITY / BLOCK).fill(Infinity);
  readonly #lastSent = new Float64Array(CAPACITY / BLOCK).fill(-Infinity);
  readonly #lastEnd = new Float64Array(CAPACITY / BLOCK).fill(-Infinity);
  readonly #counts = new Uint16Array((CAPACITY / BLOCK) * CLASSES);

  constructor(nodes: number, maxLatencyMs = Infinity) {
    this.#nodes = nodes;
    this.#maxLatencyMs = maxLatencyMs;
  }

  /** Number of the oldest packet that is held. Blocks are forgotten as a whole. */
  get first(): number {
    return Math.max(0, Math.ceil((this.total - CAPACITY) / BLOCK) * BLOCK);
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
      if (at % BLOCK === 0) this.#forgetBlock(at / BLOCK);
      const sent = batch.sent[index] ?? 0;
      const arrived = batch.arrived[index] ?? 0;
      const outcome = batch.outcome[index] ?? 0;
      const flow = batch.flow[index] ?? 0;
      const kind = classOf(flow, outcome, arrived - sent, this.#maxLatencyMs);
      this.sent[at] = sent;
      this.arrived[at] = arrived;
      this.ends[at] = this.#endOf(kind, sent, arrived, batch.configured[index] ?? 0);
      this.link[at] = batch.link[index] ?? 0;
      this.flow[at] = flow;
      this.outcome[at] = outcome;
      this.kind[at] = kind;
      this.chunk[at] = batch.chunk[index] ?? -1;
      this.total += 1;
      this.histogram.add(sent, kind);
      this.#summarise(at, kind);
    }
  }

  /**
   * Calls back with the number of every packet that was on its way at some time from `from` to `to` (ms), in the order held.
   * @param since numbers below it are left out
   */
  visit(from: number, to: number, visitor: (number: number) => void, since = 0): void {
    let number = Math.max(this.first, since);
    while (number < this.total) {
      const block = this.at(number) >>> BLOCK_BITS;
      const end = Math.min(this.total, (Math.floor(number / BLOCK) + 1) * BLOCK);
      if ((this.#firstSent[block] ?? 0) > to || (this.#lastEnd[block] ?? 0) < from) {
        number = end;
        continue;
      }
      for (; number < end; number += 1) {
        const at = this.at(number);
        if ((this.sent[at] ?? 0) <= to && (this.ends[at] ?? 0) >= from) visitor(number);
      }
    }
  }

  /**
   * What had been sent until `t` (ms), and what had become of it by then: packets whose fate was not known yet count in `sent` only.
   * Of a time before the oldest packet that is held, nothing is known.
   */
  countsAt(t: number): { readonly sent: number; readonly known: ClassCounts } {
    const known = new Float64Array(CLASSES);
    if (t >= this.#forgottenUntil) known.set(this.#forgotten);
    let inFlight = 0;
    for (let start = this.first; start < this.total; start += BLOCK) {
      const block = this.at(start) >>> BLOCK_BITS;
      if ((this.#firstSent[block] ?? 0) > t) continue;
      if ((this.#lastEnd[block] ?? 0) <= t && (this.#lastSent[block] ?? 0) <= t) {
        for (let kind = 0; kind < CLASSES; kind += 1) {
          known[kind] = (known[kind] ?? 0) + (this.#counts[block * CLASSES + kind] ?? 0);
        }
        continue;
      }
      for (let number = start; number < Math.min(start + BLOCK, this.total); number += 1) {
        const at = this.at(number);
        if ((this.sent[at] ?? 0) > t) continue;
        const kind = this.kind[at] ?? 0;
        if ((this.arrived[at] ?? 0) > t) inFlight += 1;
        else known[kind] = (known[kind] ?? 0) + 1;
      }
    }
    return { sent: known.reduce((sum, count) => sum + count, inFlight), known };
  }

  /** How often this chunk had been sent over this link when packet `number` was, itself included; 0 when it carried none. */
  attempt(number: number): number {
    const at = this.at(number);
    const chunk = this.chunk[at] ?? -1;
    if (chunk < 0) return 0;
    let attempts = 0;
    for (let other = this.first; other < this.total; other += 1) {
      const place = this.at(other);
      if (this.chunk[place] !== chunk || this.link[place] !== this.link[at]) continue;
      if ((this.sent[place] ?? 0) <= (this.sent[at] ?? 0)) attempts += 1;
    }
    return attempts;
  }

  /** The link model decides a delay for a lost packet too, but none for one that a partition kept back. */
  #endOf(kind: number, sent: number, arrived: number, configured: number): number {
    if (kind !== LOST && kind !== CUT) return arrived;
    const usual = Number.isFinite(this.#maxLatencyMs) ? this.#maxLatencyMs / 2 : 0;
    return Math.max(arrived, sent + (configured > 0 ? configured : usual));
  }

  #summarise(at: number, kind: number): void {
    const block = at >>> BLOCK_BITS;
    const sent = this.sent[at] ?? 0;
    const slot = block * CLASSES + kind;
    this.#firstSent[block] = Math.min(this.#firstSent[block] ?? 0, sent);
    this.#lastSent[block] = Math.max(this.#lastSent[block] ?? 0, sent);
    this.#lastEnd[block] = Math.max(this.#lastEnd[block] ?? 0, this.ends[at] ?? 0);
    this.#counts[slot] = (this.#counts[slot] ?? 0) + 1;
    this.totals[kind] = (this.totals[kind] ?? 0) + 1;
  }

  #forgetBlock(block: number): void {
    for (let kind = 0; kind < CLASSES; kind += 1) {
      const slot = block * CLASSES + kind;
      this.#forgotten[kind] = (this.#forgotten[kind] ?? 0) + (this.#counts[slot] ?? 0);
      this.#counts[slot] = 0;
    }
    this.#forgottenUntil = Math.max(this.#forgottenUntil, this.#lastSent[block] ?? 0);
    this.#firstSent[block] = Infinity;
    this.#lastSent[block] = -Infinity;
    this.#lastEnd[block] = -Infinity;
  }
}
