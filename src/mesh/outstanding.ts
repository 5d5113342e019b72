import { isAcknowledged } from './sequenceWindow.ts';

/** Acknowledgements tell about 64 sequence numbers before the highest; the window keeps within what they can tell. */
const WINDOW = 64;
const NOTHING: readonly number[] = [];
/** Later packets that must have arrived before an older one is taken for overtaken and lost. */
const OVERTAKEN_BY = 3;

/**
 * What was sent on a link and is not acknowledged. Every transmission has a sequence number of its own, so an
 * acknowledgement always measures the right round trip. Parallel arrays in order of sequence number.
 */
export class Outstanding {
  readonly sequences: number[] = [];
  readonly items: number[] = [];
  readonly sentAt: number[] = [];

  get size(): number {
    return this.sequences.length;
  }

  isFull(next: number): boolean {
    return this.size > 0 && next - (this.sequences[0] ?? next) >= WINDOW;
  }

  add(sequence: number, item: number, now: number): void {
    this.sequences.push(sequence);
    this.items.push(item);
    this.sentAt.push(now);
  }

  has(item: number): boolean {
    return this.items.includes(item);
  }

  /** Removes all transmissions of the items an acknowledgement covers. Returns when the newest of those was sent, or -1. */
  acknowledge(highest: number, near: number, far: number, onItem: (item: number) => void): number {
    let newest = -1;
    if (this.size === 0) return newest;
    const arrived: number[] = [];
    for (let at = 0; at < this.size; at++) {
      if (!isAcknowledged(this.sequences[at] ?? -1, highest, near, far)) continue;
      newest = Math.max(newest, this.sentAt[at] ?? -1);
      arrived.push(this.items[at] ?? 0);
    }
    if (arrived.length === 0) return newest;
    this.#keep((at) => !arrived.includes(this.items[at] ?? 0));
    for (const item of arrived) onItem(item);
    return newest;
  }

  /** Takes out what was sent before `sentBefore`, or before `overtakenBefore` and then overtaken by `highest`. */
  takeLost(sentBefore: number, overtakenBefore: number, highest: number): readonly number[] {
    // Times ascend: when the first is too young, all are.
    if (this.oldestSentAt() > Math.max(sentBefore, overtakenBefore)) return NOTHING;
    const lost: number[] = [];
    this.#keep((at) => {
      const sent = this.sentAt[at] ?? 0;
      const overtaken = (this.sequences[at] ?? 0) + OVERTAKEN_BY <= highest;
      if (sent > sentBefore && !(overtaken && sent <= overtakenBefore)) return true;
      lost.push(this.items[at] ?? 0);
      return false;
    });
    return lost.filter((item, at) => lost.indexOf(item) === at && !this.has(item));
  }

  clear(): void {
    this.#keep(() => false);
  }

  /** When the oldest transmission was handed over; Infinity when there is none. */
  oldestSentAt(): number {
    return this.sentAt[0] ?? Infinity;
  }

  /** The item whose last transmission is longest ago, and when that was. */
  stalest(): { item: number; sentAt: number } | undefined {
    let found: { item: number; sentAt: number } | undefined;
    for (let at = 0; at < this.size; at++) {
      const item = this.items[at] ?? 0;
      if (this.items.includes(item, at + 1)) continue;
      const sentAt = this.sentAt[at] ?? 0;
      if (found === undefined || sentAt < found.sentAt) found = { item, sentAt };
    }
    return found;
  }

  #keep(wanted: (at: number) => boolean): void {
    let kept = 0;
    for (let at = 0; at < this.sequences.length; at++) {
      if (!wanted(at)) continue;
      this.sequences[kept] = this.sequences[at] ?? 0;
      this.items[kept] = this.items[at] ?? 0;
      this.sentAt[kept] = this.sentAt[at] ?? 0;
      kept += 1;
    }
    this.sequences.length = kept;
    this.items.length = kept;
    this.sentAt.length = kept;
  }
}
