import { type ItemPool, NONE } from './itemPool.ts';
import { isAcknowledged } from './sequenceWindow.ts';

/** Acknowledgements tell about 64 sequence numbers before the highest: no window may be wider. */
export const WIDEST_WINDOW = 64;
/** Later packets that must have arrived before an older one is taken for overtaken and lost. */
const OVERTAKEN_BY = 3;

/** What is outstanding on one link: its first and last slot, and how many of them are not taken for lost. */
export interface SentEnds {
  sentFirst: number;
  sentLast: number;
  inFlight: number;
}

/**
 * What was sent on links and is not acknowledged: for each a list in order of sequence number, which is also that of time.
 * Every transmission has a sequence number of its own, so an acknowledgement always measures the right round trip. What is
 * taken for lost stays: when it was only late, its acknowledgement is what tells how slow the path has become.
 */
export class Outstanding {
  readonly #pool: ItemPool;
  /** Of the last acknowledgement: items that arrived by a repetition alone. */
  repeatedInNeed = 0;

  constructor(pool: ItemPool) {
    this.#pool = pool;
  }

  /** Whether an acknowledgement of the oldest could not be told beside one of `next`. */
  isFull(of: SentEnds, next: number): boolean {
    const first = this.#firstInFlight(of);
    return first !== NONE && next - this.#pool.sequenceOf(first) >= WIDEST_WINDOW;
  }

  add(of: SentEnds, sequence: number, item: number, now: number): void {
    const slot = this.#pool.take(item, sequence, now);
    if (of.sentLast === NONE) of.sentFirst = slot;
    else this.#pool.link(of.sentLast, slot);
    of.sentLast = slot;
    of.inFlight += 1;
  }

  #firstInFlight(of: SentEnds): number {
    if (of.inFlight === 0) return NONE;
    let slot = of.sentFirst;
    while (slot !== NONE && this.#pool.isLost(slot)) slot = this.#pool.nextOf(slot);
    return slot;
  }

  has(of: SentEnds, item: number): boolean {
    return of.inFlight > 0 && this.#isInFlightFrom(of.sentFirst, item);
  }

  /** Whether `item` is among the transmissions from `first` on. */
  #isInFlightFrom(first: number, item: number): boolean {
    const pool = this.#pool;
    for (let slot = first; slot !== NONE; slot = pool.nextOf(slot)) {
      if (pool.itemOf(slot) === item && !pool.isLost(slot)) return true;
    }
    return false;
  }

  /**
   * Removes all transmissions of the items an acknowledgement covers and lists these items in `arrived`, which is empty:
   * one for each transmission that is covered. Returns when the newest of those was sent, or -1.
   */
  acknowledge(of: SentEnds, highest: number, near: number, far: number, arrived: number[]): number {
    const pool = this.#pool;
    let newest = -1;
    let hasForgotten = false;
    this.repeatedInNeed = 0;
    for (let slot = of.sentFirst; slot !== NONE; slot = pool.nextOf(slot)) {
      const sequence = pool.sequenceOf(slot);
      if (isAcknowledged(sequence, highest, near, far)) {
        newest = pool.sentAtOf(slot);
        arrived.push(pool.itemOf(slot));
      } else if (isForgotten(sequence, highest) && pool.isLost(slot)) hasForgotten = true;
    }
    if (arrived.length === 0 && !hasForgotten) return newest;
    let before = NONE;
    for (let slot = of.sentFirst; slot !== NONE;) {
      const after = pool.nextOf(slot);
      const sequence = pool.sequenceOf(slot);
      const hasArrived = arrived.includes(pool.itemOf(slot));
      if (hasArrived && !isAcknowledged(sequence, highest, near, far)) {
        if (this.#isLater(after, pool.itemOf(slot), highest, near, far)) this.repeatedInNeed += 1;
      }
      const isOver = pool.isLost(slot) && isForgotten(sequence, highest);
      if (isOver || hasArrived) this.#remove(of, slot, before);
      else before = slot;
      slot = after;
    }
    return newest;
  }

  /** Whether a transmission of `item` from `first` on is acknowledged. */
  #isLater(first: number, item: number, highest: number, near: number, far: number): boolean {
    const pool = this.#pool;
    for (let slot = first; slot !== NONE; slot = pool.nextOf(slot)) {
      if (pool.itemOf(slot) !== item) continue;
      if (isAcknowledged(pool.sequenceOf(slot), highest, near, far)) return true;
    }
    return false;
  }

  /**
   * Takes for lost what was sent before `sentBefore`, or before `overtakenBefore` and then overtaken by `highest`. Lists
   * in `lost`, which is empty, the items of which no other transmission is on its way. Returns how many it took.
   */
  takeLost(
    of: SentEnds,
    sentBefore: number,
    overtakenBefore: number,
    highest: number,
    lost: number[],
  ): number {
    // Times ascend: when the first is too young, all are.
    if (this.oldestSentAt(of) > Math.max(sentBefore, overtakenBefore)) return 0;
    const pool = this.#pool;
    let count = 0;
    for (let slot = of.sentFirst; slot !== NONE; slot = pool.nextOf(slot)) {
      if (pool.isLost(slot)) continue;
      const sentAt = pool.sentAtOf(slot);
      const overtaken = pool.sequenceOf(slot) + OVERTAKEN_BY <= highest;
      if (sentAt > sentBefore && !(overtaken && sentAt <= overtakenBefore)) continue;
      // A later transmission of the item decides for it: it is judged next.
      const item = pool.itemOf(slot);
      if (!this.#isInFlightFrom(pool.nextOf(slot), item)) lost.push(item);
      pool.markLost(slot);
      of.inFlight -= 1;
      count += 1;
    }
    return count;
  }

  /** `before` is the slot before it. */
  #remove(of: SentEnds, slot: number, before: number): void {
    const after = this.#pool.nextOf(slot);
    if (before === NONE) of.sentFirst = after;
    else this.#pool.link(before, after);
    if (after === NONE) of.sentLast = before;
    if (!this.#pool.isLost(slot)) of.inFlight -= 1;
    this.#pool.release(slot);
  }

  clear(of: SentEnds): void {
    while (of.sentFirst !== NONE) this.#remove(of, of.sentFirst, NONE);
  }

  /** When the oldest transmission was handed over; Infinity when there is none. */
  oldestSentAt(of: SentEnds): number {
    const slot = this.#firstInFlight(of);
    return slot === NONE ? Infinity : this.#pool.sentAtOf(slot);
  }

  /** The item whose last transmission is longest ago: the first that was not sent again later. NONE when there is none. */
  #stalest(of: SentEnds): number {
    for (let slot = this.#firstInFlight(of); slot !== NONE;) {
      const after = this.#pool.nextOf(slot);
      const isInFlight = !this.#pool.isLost(slot);
      if (isInFlight && !this.#isInFlightFrom(after, this.#pool.itemOf(slot))) return slot;
      slot = after;
    }
    return NONE;
  }

  /** The item whose last transmission is longest ago; undefined when there is none. */
  stalestItem(of: SentEnds): number | undefined {
    const slot = this.#stalest(of);
    return slot === NONE ? undefined : this.#pool.itemOf(slot);
  }

  /** When that was; Infinity when there is none. */
  stalestSentAt(of: SentEnds): number {
    const slot = this.#stalest(of);
    return slot === NONE ? Infinity : this.#pool.sentAtOf(slot);
  }
}

/** Acknowledgements tell nothing about it any more. */
function isForgotten(sequence: number, highest: number): boolean {
  return sequence < highest - WIDEST_WINDOW;
}
