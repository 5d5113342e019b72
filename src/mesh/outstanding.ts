import { type ItemPool, NONE } from './itemPool.ts';
import { isAcknowledged } from './sequenceWindow.ts';

/** Acknowledgements tell about 64 sequence numbers before the highest: no window may be wider. */
export const WIDEST_WINDOW = 64;
/** Later packets that must have arrived before an older one is taken for overtaken and lost. */
const OVERTAKEN_BY = 3;

/** What is outstanding on one link: its first and last slot. */
export interface SentEnds {
  sentFirst: number;
  sentLast: number;
}

/**
 * What was sent on links and is not acknowledged: for each a list in order of sequence number, which is also that of time.
 * Every transmission has a sequence number of its own, so an acknowledgement always measures the right round trip.
 */
export class Outstanding {
  readonly #pool: ItemPool;

  constructor(pool: ItemPool) {
    this.#pool = pool;
  }

  isFull(of: SentEnds, next: number, window: number): boolean {
    return of.sentFirst !== NONE && next - this.#pool.sequenceOf(of.sentFirst) >= window;
  }

  add(of: SentEnds, sequence: number, item: number, now: number): void {
    const slot = this.#pool.take(item, sequence, now);
    if (of.sentLast === NONE) of.sentFirst = slot;
    else this.#pool.link(of.sentLast, slot);
    of.sentLast = slot;
  }

  has(of: SentEnds, item: number): boolean {
    return this.#isSentFrom(of.sentFirst, item);
  }

  /** Whether `item` is among the transmissions from `first` on. */
  #isSentFrom(first: number, item: number): boolean {
    for (let slot = first; slot !== NONE; slot = this.#pool.nextOf(slot)) {
      if (this.#pool.itemOf(slot) === item) return true;
    }
    return false;
  }

  /**
   * Removes all transmissions of the items an acknowledgement covers and lists these items in `arrived`, which is empty.
   * Returns when the newest of those was sent, or -1.
   */
  acknowledge(of: SentEnds, highest: number, near: number, far: number, arrived: number[]): number {
    const pool = this.#pool;
    let newest = -1;
    for (let slot = of.sentFirst; slot !== NONE; slot = pool.nextOf(slot)) {
      if (!isAcknowledged(pool.sequenceOf(slot), highest, near, far)) continue;
      newest = pool.sentAtOf(slot);
      arrived.push(pool.itemOf(slot));
    }
    if (arrived.length === 0) return newest;
    let before = NONE;
    for (let slot = of.sentFirst; slot !== NONE;) {
      const after = pool.nextOf(slot);
      if (arrived.includes(pool.itemOf(slot))) this.#remove(of, slot, before);
      else before = slot;
      slot = after;
    }
    return newest;
  }

  /**
   * Takes out what was sent before `sentBefore`, or before `overtakenBefore` and then overtaken by `highest`. Lists in
   * `lost`, which is empty, the items of which no other transmission is left.
   */
  takeLost(
    of: SentEnds,
    sentBefore: number,
    overtakenBefore: number,
    highest: number,
    lost: number[],
  ): void {
    // Times ascend: when the first is too young, all are.
    if (this.oldestSentAt(of) > Math.max(sentBefore, overtakenBefore)) return;
    const pool = this.#pool;
    let before = NONE;
    for (let slot = of.sentFirst; slot !== NONE;) {
      const after = pool.nextOf(slot);
      const item = pool.itemOf(slot);
      const sentAt = pool.sentAtOf(slot);
      const overtaken = pool.sequenceOf(slot) + OVERTAKEN_BY <= highest;
      if (sentAt <= sentBefore || (overtaken && sentAt <= overtakenBefore)) {
        // A later transmission of the item decides for it: it is judged next.
        if (!this.#isSentFrom(after, item)) lost.push(item);
        this.#remove(of, slot, before);
      } else before = slot;
      slot = after;
    }
  }

  /** `before` is the slot before it. */
  #remove(of: SentEnds, slot: number, before: number): void {
    const after = this.#pool.nextOf(slot);
    if (before === NONE) of.sentFirst = after;
    else this.#pool.link(before, after);
    if (after === NONE) of.sentLast = before;
    this.#pool.release(slot);
  }

  clear(of: SentEnds): void {
    while (of.sentFirst !== NONE) this.#remove(of, of.sentFirst, NONE);
  }

  /** When the oldest transmission was handed over; Infinity when there is none. */
  oldestSentAt(of: SentEnds): number {
    return of.sentFirst === NONE ? Infinity : this.#pool.sentAtOf(of.sentFirst);
  }

  /** The item whose last transmission is longest ago: the first that was not sent again later. NONE when there is none. */
  #stalest(of: SentEnds): number {
    for (let slot = of.sentFirst; slot !== NONE;) {
      const after = this.#pool.nextOf(slot);
      if (!this.#isSentFrom(after, this.#pool.itemOf(slot))) return slot;
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
