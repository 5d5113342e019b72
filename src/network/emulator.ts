import type { LinkReport, NetworkReport } from '../model/evidence.ts';
import { nodeIdOf, nodeIndexOf } from '../model/nodeIds.ts';
import type { Fault } from '../model/plan.ts';
import { DecisionsDigest } from './decisionsDigest.ts';
import { BLACKHOLED, CORRUPT, DELIVERED, type Fate, LOST, OVERFLOW } from './fate.ts';
import type { LinkChange } from '../model/linkChange.ts';
import { type Flow, SMALL_BYTES } from './flow.ts';
import { Impairments } from './impairments.ts';
import { LinkCounters } from './linkCounters.ts';
import { LinkIndex } from './linkIndex.ts';
import { LinkOverlay } from './linkOverlay.ts';
import type { LinkModel } from './linkModel.ts';
import { LISTED_NODES, type LinkTable } from './linkTable.ts';
import { QuantileSketch } from './quantileSketch.ts';
import { Serialiser } from './serialiser.ts';

/**
 * The emulated network of one run in one place: numbers packets, asks the link model, books the serialisers, applies
 * what chaos changed, counts. It has no clock: every call is given the time, in ms of one origin.
 * Decisions are digested, and delays kept as quantiles, up to LISTED_NODES nodes.
 */
export class Emulator {
  readonly table: LinkTable;
  readonly #overlay: LinkOverlay;
  readonly #index = new LinkIndex();
  readonly #counters = new LinkCounters();
  readonly #serialiser = new Serialiser();
  readonly #detailed: boolean;
  readonly #impairments = new Impairments();
  /** Per slot: of the packets that were dropped, those the link lost. */
  readonly #lost: number[] = [];
  readonly #decisions = new DecisionsDigest();
  readonly #configured: QuantileSketch[] = [];
  readonly #achieved: QuantileSketch[] = [];
  readonly #error = new QuantileSketch();

  /** `schedule`: what it does to links from the start (`atMs: 0`) holds from packet 0 on, so decisions stay equal. */
  constructor(table: LinkTable, schedule: readonly Fault[] = []) {
    this.table = table;
    this.#overlay = new LinkOverlay(table);
    this.#detailed = table.nodes <= LISTED_NODES;
    schedule.forEach((fault, index) => this.#applyFromStart(fault, index));
  }

  #applyFromStart({ when, do: effect }: Fault, fault: number): void {
    if (!('atMs' in when) || when.atMs !== 0) return;
    if ('slow' in effect) this.slow(fault, nodeIndexOf(effect.slow), effect.factor);
    else if ('degradeLink' in effect) {
      const { from, to, ...change } = effect.degradeLink;
      this.degradeLink(fault, nodeIndexOf(from), nodeIndexOf(to), change);
    }
  }

  /** Decides a datagram sent at `sentAt` and books its link. `bytes` include the header. */
  transmit(from: number, to: number, flow: Flow, bytes: number, sentAt: number, fate: Fate): void {
    const link = from * this.table.nodes + to;
    const slot = this.#index.slotOf(link);
    const number = this.#counters.next(slot, flow.index);
    const model = this.#overlay.modelOf(from, to);
    if (model === undefined) {
      fate.number = number;
      fate.delayMs = 0;
      this.#drop(fate, slot, BLACKHOLED, sentAt);
      return;
    }
    model.decide(link, flow, number, fate);
    if (this.#detailed) this.#note(link, slot, flow, fate);
    this.#deliver(model, from, to, flow, bytes, sentAt, fate, slot);
  }

  #deliver(
    model: LinkModel,
    from: number,
    to: number,
    flow: Flow,
    bytes: number,
    sentAt: number,
    fate: Fate,
    slot: number,
  ): void {
    const cuts = this.#overlay.cutsOf(from, to);
    const changed = cuts.length > 0 ? undefined : this.#overlay.changedLink(from, to);
    this.#impairments.cut(cuts, fate);
    if (changed !== undefined) {
      this.#impairments.decided(changed, from * this.table.nodes + to, flow, fate);
    }
    if (fate.outcome === BLACKHOLED || cuts.length > 0) {
      this.#drop(fate, slot, BLACKHOLED, sentAt);
      return;
    }
    const leftAt = this.#serialise(model, from, to, flow, bytes, sentAt);
    if (leftAt < 0) {
      if (changed !== undefined) this.#impairments.overflowed(changed);
      this.#drop(fate, slot, OVERFLOW, sentAt);
      return;
    }
    fate.deliverAt = leftAt + fate.delayMs;
    if (fate.duplicateAt >= 0) fate.duplicateAt += leftAt;
    if (fate.outcome === LOST) this.#drop(fate, slot, LOST, fate.deliverAt);
    if (fate.outcome !== DELIVERED || !flow.arrivesDamaged) return;
    const fault = this.#overlay.takeCorruption(to);
    if (fault === undefined) return;
    this.#impairments.add(fault);
    fate.outcome = CORRUPT;
    fate.damage = model.damageOf(from * this.table.nodes + to, flow, fate.number);
  }

  #drop(fate: Fate, slot: number, outcome: number, at: number): void {
    fate.outcome = outcome;
    fate.deliverAt = at;
    fate.duplicateAt = -1;
    if (outcome === BLACKHOLED) this.#counters.unreachable(slot);
    else this.#counters.dropped(slot);
    if (outcome === LOST && this.#detailed) this.#lost[slot] = (this.#lost[slot] ?? 0) + 1;
  }

  /** When the last bit has left, in ms; -1 when the queue is full. */
  #serialise(
    model: LinkModel,
    from: number,
    to: number,
    flow: Flow,
    bytes: number,
    now: number,
  ): number {
    const queue = this.#queueOf(from, to, model);
    if (queue === undefined) return now;
    const { key, bitsPerMs } = queue;
    const waiting = Math.max(0, this.#serialiser.freeAt(key) - now) * bitsPerMs;
    const limit = model.spec.queueBytes;
    if (limit !== undefined && waiting / 8 + bytes > limit) return -1;
    const leftAt = this.#serialiser.book(key, bytes * 8, bitsPerMs, now);
    return flow.overtakes && bytes <= SMALL_BYTES ? now + (bytes * 8) / bitsPerMs : leftAt;
  }

  /** A link with a rate of its own has its own queue, numbered above the uplinks. */
  #queueOf(
    from: number,
    to: number,
    model: LinkModel,
  ): { key: number; bitsPerMs: number } | undefined {
    const own = model.spec.rateBitsPerSecond;
    const { nodes, bandwidth } = this.table;
    if (own !== undefined) return { key: nodes + from * nodes + to, bitsPerMs: own / 1000 };
    if (bandwidth.model !== 'uplink') return undefined;
    return { key: from, bitsPerMs: bandwidth.bitsPerMs };
  }

  #note(link: number, slot: number, flow: Flow, fate: Fate): void {
    this.#decisions.add(link, flow.index, fate);
    if (fate.outcome !== DELIVERED && fate.outcome !== CORRUPT) return;
    const sketch = (this.#configured[slot] ??= new QuantileSketch());
    sketch.add(fate.delayMs);
  }

  /** To be called when a datagram was handed over: `dueAt` is its `deliverAt`, `at` when it really happened. */
  handedOver(from: number, to: number, sentAt: number, dueAt: number, at: number): void {
    const slot = this.#index.slotOf(from * this.table.nodes + to);
    this.#counters.delivered(slot);
    if (!this.#detailed) return;
    const sketch = (this.#achieved[slot] ??= new QuantileSketch());
    sketch.add(at - sentAt);
    this.#error.add(at - dueAt);
  }

  /** To be called instead of handedOver when a CORRUPT datagram was handed over. */
  handedOverCorrupt(from: number, to: number): void {
    this.#counters.dropped(this.#index.slotOf(from * this.table.nodes + to));
  }

  /** To be called instead of handedOver when the receiver was down. */
  foundPeerDown(from: number, to: number): void {
    this.#counters.unreachable(this.#index.slotOf(from * this.table.nodes + to));
  }

  /** When a datagram handed over now would leave at once; at most now without a rate. */
  freeAt(from: number, to: number): number {
    const model = this.#overlay.modelOf(from, to);
    const queue = model === undefined ? undefined : this.#queueOf(from, to, model);
    return queue === undefined ? 0 : this.#serialiser.freeAt(queue.key);
  }

  /** Packets sent from now on between the groups vanish, until the same fault of the schedule is healed. */
  partition(fault: number, from: readonly number[], to: readonly number[], oneWay: boolean): void {
    this.#overlay.partition(fault, from, to, oneWay);
  }

  heal(fault: number): void {
    this.#overlay.heal(fault);
  }

  isCut(from: number, to: number): boolean {
    return this.#overlay.cutsOf(from, to).length > 0;
  }

  degradeLink(fault: number, from: number, to: number, change: LinkChange): void {
    this.#overlay.degradeLink(fault, from, to, change);
  }

  /** The delays of all links that enter or leave `node` are `factor` times the plan's. */
  slow(fault: number, node: number, factor: number): void {
    this.#overlay.slow(fault, node, factor);
  }

  /** The next `count` chunk datagrams to `node` that would arrive are delivered corrupt. */
  corruptChunks(fault: number, to: number, count: number): void {
    this.#overlay.corruptChunks(fault, to, count);
  }

  /** By index in the schedule, packets that fared worse than without that fault; see Impairments. */
  impairedBy(): readonly number[] {
    return this.#impairments.counts;
  }

  /** Of the links that were used, in order of (from, to). A double counts as delivered, but not as sent. */
  linkReports(): LinkReport[] {
    const { nodes } = this.table;
    return this.#index
      .links()
      .map((link, slot) => ({ link, slot }))
      .sort((a, b) => a.link - b.link)
      .map(({ link, slot }) => ({
        from: nodeIdOf(Math.floor(link / nodes)),
        to: nodeIdOf(link % nodes),
        ...this.#counters.of(slot),
        lost: this.#lost[slot] ?? 0,
        configuredMs: this.#configured[slot]?.quantiles() ?? null,
        achievedMs: this.#achieved[slot]?.quantiles() ?? null,
      }));
  }

  /** Achieved minus due hand-over, ms. */
  timingError(): NetworkReport['timingErrorMs'] {
    return this.#error.quantiles();
  }

  /** See DecisionsDigest. Empty above LISTED_NODES nodes: nothing was digested. */
  decisionsDigest(): string {
    return this.#detailed ? this.#decisions.digest() : '';
  }
}
