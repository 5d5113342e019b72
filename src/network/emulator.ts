import type { LinkReport, NetworkReport } from '../model/evidence.ts';
import { nodeIndexOf } from '../model/nodeIds.ts';
import type { Fault } from '../model/plan.ts';
import { BLACKHOLED, CORRUPT, DELIVERED, type Fate, LOST, OVERFLOW } from './fate.ts';
import type { LinkChange } from '../model/linkSpec.ts';
import type { Account, Flow } from './flow.ts';
import { FlowTally } from './flowTally.ts';
import { LinkIndex } from './linkIndex.ts';
import { LinkQueues } from './linkQueues.ts';
import { LinkOverlay } from './linkOverlay.ts';
import type { LinkModel } from './linkModel.ts';
import { LISTED_NODES, type LinkTable } from './linkTable.ts';
import { StreamOrder } from './streamOrder.ts';

/**
 * The emulated network of one run in one place: numbers packets, asks the link model, books the serialisers, applies
 * what chaos changed, counts. It has no clock: every call is given the time, in ms of one origin.
 * Decisions are digested, and delays kept as quantiles, up to LISTED_NODES nodes.
 */
export class Emulator {
  readonly table: LinkTable;
  readonly #overlay: LinkOverlay;
  readonly #index = new LinkIndex();
  readonly #queues: LinkQueues;
  readonly #order = new StreamOrder();
  readonly #tallies: Readonly<Record<Account, FlowTally>>;

  /** `schedule`: what it does to links from the start (`atMs: 0`) holds from packet 0 on, so decisions stay equal. */
  constructor(table: LinkTable, schedule: readonly Fault[] = []) {
    this.table = table;
    this.#overlay = new LinkOverlay(table);
    this.#queues = new LinkQueues(table);
    const isDetailed = table.nodes <= LISTED_NODES;
    this.#tallies = { protocol: new FlowTally(isDetailed), services: new FlowTally(isDetailed) };
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

  /**
   * Decides a datagram sent at `sentAt` and books its link. `bytes` include the header. `stream`: of a flow that keeps
   * order, whose packets stay in order.
   */
  transmit(
    from: number,
    to: number,
    flow: Flow,
    bytes: number,
    sentAt: number,
    fate: Fate,
    stream = 0,
  ): void {
    const link = from * this.table.nodes + to;
    const slot = this.#index.slotOf(link);
    const tally = this.#tallies[flow.account];
    const number = tally.sent(slot, flow.index, bytes);
    const model = this.#overlay.modelOf(from, to);
    if (model === undefined) {
      fate.number = number;
      fate.delayMs = 0;
      drop(tally, slot, fate, BLACKHOLED, sentAt);
      return;
    }
    model.decide(link, flow, number, fate);
    tally.decided(link, slot, flow.index, fate);
    if (this.#isStopped(from, to, flow, fate)) {
      drop(tally, slot, fate, BLACKHOLED, sentAt);
      return;
    }
    const leftAt = this.#queues.send(model.spec, from, to, flow, bytes, sentAt);
    if (leftAt < 0) {
      const changed = this.#overlay.changedLink(from, to);
      if (changed !== undefined) tally.impairments.overflowed(changed);
      drop(tally, slot, fate, OVERFLOW, sentAt);
      return;
    }
    fate.deliverAt = leftAt + fate.delayMs;
    if (fate.duplicateAt >= 0) fate.duplicateAt += leftAt;
    if (fate.outcome === LOST) drop(tally, slot, fate, LOST, fate.deliverAt);
    else if (flow.keepsOrder) this.#keepOrder(link, stream, fate, sentAt);
    if (fate.outcome === DELIVERED && flow.arrivesDamaged)
      this.#damage(model, link, to, flow, fate);
  }

  /** Whether a partition or the link's state swallows it. Counts what faults did to it. */
  #isStopped(from: number, to: number, flow: Flow, fate: Fate): boolean {
    const { impairments } = this.#tallies[flow.account];
    const cuts = this.#overlay.cutsOf(from, to);
    const changed = cuts.length > 0 ? undefined : this.#overlay.changedLink(from, to);
    impairments.cut(cuts, fate);
    if (changed !== undefined) {
      impairments.decided(changed, from * this.table.nodes + to, flow, fate);
    }
    return fate.outcome === BLACKHOLED || cuts.length > 0;
  }

  /** A double arrives after its original, and holds nothing up. */
  #keepOrder(link: number, stream: number, fate: Fate, sentAt: number): void {
    fate.deliverAt = this.#order.dueAt(link, stream, fate.deliverAt, sentAt);
    if (fate.duplicateAt >= 0) fate.duplicateAt = Math.max(fate.duplicateAt, fate.deliverAt);
  }

  #damage(model: LinkModel, link: number, to: number, flow: Flow, fate: Fate): void {
    const fault = this.#overlay.takeCorruption(to);
    if (fault === undefined) return;
    this.#tallies[flow.account].impairments.add(fault);
    fate.outcome = CORRUPT;
    fate.damage = model.damageOf(link, flow, fate.number);
  }

  /** To be called when a datagram was handed over: `dueAt` is its `deliverAt`, `at` when it really happened. */
  handedOver(
    from: number,
    to: number,
    sentAt: number,
    dueAt: number,
    at: number,
    account: Account = 'protocol',
  ): void {
    this.#tallies[account].handedOver(this.#slotOf(from, to), sentAt, dueAt, at);
  }

  /** To be called instead of handedOver when a CORRUPT datagram was handed over. */
  handedOverCorrupt(from: number, to: number): void {
    this.#tallies.protocol.counters.dropped(this.#slotOf(from, to));
  }

  /** To be called instead of handedOver when the receiver was down. */
  foundPeerDown(from: number, to: number, account: Account = 'protocol'): void {
    this.#tallies[account].counters.unreachable(this.#slotOf(from, to));
  }

  #slotOf(from: number, to: number): number {
    return this.#index.slotOf(from * this.table.nodes + to);
  }

  /** When a datagram handed over now would leave at once; at most now without a rate. */
  freeAt(from: number, to: number): number {
    const model = this.#overlay.modelOf(from, to);
    return model === undefined ? 0 : this.#queues.freeAt(model.spec, from, to);
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
  impairedBy(account: Account = 'protocol'): readonly number[] {
    return this.#tallies[account].impairments.counts;
  }

  /** Of the links that were used, in order of (from, to). A double counts as delivered, but not as sent. */
  linkReports(account: Account = 'protocol'): LinkReport[] {
    return this.#tallies[account].linkReports(this.#index.links(), this.table.nodes);
  }

  /** Of all packets that were sent, with their headers. */
  sentBytes(account: Account = 'protocol'): number {
    return this.#tallies[account].sentBytes;
  }

  /** Achieved minus due hand-over, ms. */
  timingError(account: Account = 'protocol'): NetworkReport['timingErrorMs'] {
    return this.#tallies[account].timingError();
  }

  /** See DecisionsDigest. Empty above LISTED_NODES nodes: nothing was digested. */
  decisionsDigest(account: Account = 'protocol'): string {
    return this.#tallies[account].decisionsDigest();
  }
}

function drop(tally: FlowTally, slot: number, fate: Fate, outcome: number, at: number): void {
  fate.outcome = outcome;
  fate.deliverAt = at;
  fate.duplicateAt = -1;
  if (outcome === BLACKHOLED) tally.counters.unreachable(slot);
  else tally.counters.dropped(slot);
  if (outcome === LOST) tally.lost(slot);
}
