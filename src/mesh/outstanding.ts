import { isAcknowledged } from './sequenceWindow.ts';

/** Acknowledgements tell about 64 sequence numbers before the highest: no window may be wider. */
export const WIDEST_WINDOW = 64;
/** Later packets that must have arrived before an older one is taken for overtaken and lost. */
const OVERTAKEN_BY = 3;

/** A transmission is three numbers in a row of one array: links are many, and each array more is memory to fetch. */
const FIELDS = 3;
const ITEM = 1;
const SENT_AT = 2;

/**
 * What was sent on a link and is not acknowledged, in order of sequence number, which is also that of time. Every
 * transmission has a sequence number of its own, so an acknowledgement always measures the right round trip.
 * Walked in the innermost loops: nothing is allocated.
 */
export class Outstanding {
  /** Sequence number, item and time of each transmission. */
  readonly #sent: number[] = [];

  get size(): number {
    return this.#sent.length / FIELDS;
  }

  isFull(next: number, window: number): boolean {
    return this.#sent.length > 0 && next - (this.#sent[0] ?? next) >= window;
  }

  add(sequence: number, item: number, now: number): void {
    this.#sent.push(sequence, item, now);
  }

  has(item: number): boolean {
    return this.#sentAfter(item, 0);
  }

  /** Whether `item` is among the transmissions from the one that begins at `at` on. */
  #sentAfter(item: number, at: number): boolean {
    for (let i = at; i < this.#sent.length; i += FIELDS) {
      if (this.#sent[i + ITEM] === item) return true;
    }
    return false;
  }

  /**
   * Removes all transmissions of the items an acknowledgement covers and lists these items in `arrived`, which is empty.
   * Returns when the newest of those was sent, or -1.
   */
  acknowledge(highest: number, near: number, far: number, arrived: number[]): number {
    const sent = this.#sent;
    let newest = -1;
    for (let at = 0; at < sent.length; at += FIELDS) {
      if (!isAcknowledged(sent[at] ?? -1, highest, near, far)) continue;
      newest = sent[at + SENT_AT] ?? -1;
      arrived.push(sent[at + ITEM] ?? 0);
    }
    if (arrived.length === 0) return newest;
    let kept = 0;
    for (let at = 0; at < sent.length; at += FIELDS) {
      if (!arrived.includes(sent[at + ITEM] ?? 0)) kept = this.#keep(at, kept);
    }
    sent.length = kept;
    return newest;
  }

  /**
   * Takes out what was sent before `sentBefore`, or before `overtakenBefore` and then overtaken by `highest`. Lists in
   * `lost`, which is empty, the items of which no other transmission is left.
   */
  takeLost(sentBefore: number, overtakenBefore: number, highest: number, lost: number[]): void {
    // Times ascend: when the first is too young, all are.
    if (this.oldestSentAt() > Math.max(sentBefore, overtakenBefore)) return;
    const sent = this.#sent;
    let kept = 0;
    for (let at = 0; at < sent.length; at += FIELDS) {
      const item = sent[at + ITEM] ?? 0;
      const sentAt = sent[at + SENT_AT] ?? 0;
      const overtaken = (sent[at] ?? 0) + OVERTAKEN_BY <= highest;
      const isLost = sentAt <= sentBefore || (overtaken && sentAt <= overtakenBefore);
      if (!isLost) kept = this.#keep(at, kept);
      // A later transmission of the item decides for it: it is judged next.
      else if (!this.#sentAfter(item, at + FIELDS)) lost.push(item);
    }
    sent.length = kept;
  }

  /** Moves the transmission at `from` to `to`; returns where the next one goes. */
  #keep(from: number, to: number): number {
    const sent = this.#sent;
    for (let field = 0; field < FIELDS; field++) sent[to + field] = sent[from + field] ?? 0;
    return to + FIELDS;
  }

  clear(): void {
    this.#sent.length = 0;
  }

  /** When the oldest transmission was handed over; Infinity when there is none. */
  oldestSentAt(): number {
    return this.#sent[SENT_AT] ?? Infinity;
  }

  /** Where the item whose last transmission is longest ago stands: the first that was not sent again later. */
  #stalest(): number {
    for (let at = 0; at < this.#sent.length; at += FIELDS) {
      if (!this.#sentAfter(this.#sent[at + ITEM] ?? 0, at + FIELDS)) return at;
    }
    return this.#sent.length;
  }

  /** The item whose last transmission is longest ago; undefined when there is none. */
  stalestItem(): number | undefined {
    return this.#sent[this.#stalest() + ITEM];
  }

  /** When that was; Infinity when there is none. */
  stalestSentAt(): number {
    return this.#sent[this.#stalest() + SENT_AT] ?? Infinity;
  }
}
