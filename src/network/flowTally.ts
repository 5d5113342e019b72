import type { LinkReport, NetworkReport } from '../model/evidence.ts';
import { nodeIdOf } from '../model/nodeIds.ts';
import { DecisionsDigest } from './decisionsDigest.ts';
import { CORRUPT, DELIVERED, type Fate } from './fate.ts';
import { Impairments } from './impairments.ts';
import { LinkCounters } from './linkCounters.ts';
import { QuantileSketch } from './quantileSketch.ts';

/** What is counted, digested and measured of the flows of one account. Links are known by their slots. */
export class FlowTally {
  readonly counters = new LinkCounters();
  readonly impairments = new Impairments();
  readonly #detailed: boolean;
  /** Per slot: of the packets that were dropped, those the link lost. */
  readonly #lost: number[] = [];
  #sentBytes = 0;
  readonly #decisions = new DecisionsDigest();
  readonly #configured: QuantileSketch[] = [];
  readonly #achieved: QuantileSketch[] = [];
  readonly #error = new QuantileSketch();

  /** @param detailed decisions are digested, and delays kept as quantiles */
  constructor(detailed: boolean) {
    this.#detailed = detailed;
  }

  /** The number of the packet in its flow, from 0. `bytes` with its header. */
  sent(slot: number, flow: number, bytes: number): number {
    this.#sentBytes += bytes;
    return this.counters.next(slot, flow);
  }

  get sentBytes(): number {
    return this.#sentBytes;
  }

  decided(link: number, slot: number, flow: number, fate: Fate): void {
    if (!this.#detailed) return;
    this.#decisions.add(link, flow, fate);
    if (fate.outcome !== DELIVERED && fate.outcome !== CORRUPT) return;
    const sketch = (this.#configured[slot] ??= new QuantileSketch());
    sketch.add(fate.delayMs);
  }

  lost(slot: number): void {
    if (this.#detailed) this.#lost[slot] = (this.#lost[slot] ?? 0) + 1;
  }

  handedOver(slot: number, sentAt: number, dueAt: number, at: number): void {
    this.counters.delivered(slot);
    if (!this.#detailed) return;
    const sketch = (this.#achieved[slot] ??= new QuantileSketch());
    sketch.add(at - sentAt);
    this.#error.add(at - dueAt);
  }

  /** Of the links that these flows used, in order of (from, to). `links` by slot. */
  linkReports(links: readonly number[], nodes: number): LinkReport[] {
    return links
      .map((link, slot) => ({ link, slot, counts: this.counters.of(slot) }))
      .filter(({ counts }) => counts.sent > 0)
      .sort((a, b) => a.link - b.link)
      .map(({ link, slot, counts }) => ({
        from: nodeIdOf(Math.floor(link / nodes)),
        to: nodeIdOf(link % nodes),
        ...counts,
        lost: this.#lost[slot] ?? 0,
        configuredMs: this.#configured[slot]?.quantiles() ?? null,
        achievedMs: this.#achieved[slot]?.quantiles() ?? null,
      }));
  }

  /** Achieved minus due hand-over, ms. */
  timingError(): NetworkReport['timingErrorMs'] {
    return this.#error.quantiles();
  }

  /** See DecisionsDigest. Empty without details: nothing was digested. */
  decisionsDigest(): string {
    return this.#detailed ? this.#decisions.digest() : '';
  }
}
