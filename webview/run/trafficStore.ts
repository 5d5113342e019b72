import type { Traffic } from '../../src/model/events.ts';

/** Sums that are held, the newest: of ten nodes that all talk to each other, more than two minutes. */
const SUMS_HELD = 200_000;
/** What flows at an instant is what did in so long before it. */
const RATE_MS = 500;

/** What services of different nodes sent each other: sums by link of short intervals, in order of time. */
export class TrafficStore {
  /** Packets whose fate became known from `from` to `until`, ms. */
  from: number[] = [];
  until: number[] = [];
  /** from · nodes + to. */
  link: number[] = [];
  packets: number[] = [];
  dropped: number[] = [];
  /** Mean one-way time of those that arrived. */
  delayMs: number[] = [];
  /** Packets of all sums so far, this one included. */
  #counted: number[] = [];
  /** Sums ever pushed. */
  total = 0;
  /** Links that ever carried any. */
  readonly links = new Set<number>();

  push(traffic: Traffic): void {
    traffic.link.forEach((link, index) => {
      const packets = traffic.packets[index] ?? 0;
      this.from.push(traffic.from);
      this.until.push(traffic.until);
      this.link.push(link);
      this.packets.push(packets);
      this.dropped.push(traffic.dropped[index] ?? 0);
      this.delayMs.push(traffic.delayMs[index] ?? 0);
      this.#counted.push((this.#counted.at(-1) ?? 0) + packets);
      this.links.add(link);
      this.total += 1;
    });
    if (this.link.length > SUMS_HELD) this.#forgetHalf();
  }

  /** Packets until `t` ms; before the oldest sum that is held, nothing is known. */
  packetsUntil(t: number): number {
    return this.#counted[this.#firstAfter(t) - 1] ?? 0;
  }

  /** Calls back with the place of each sum that lies between two instants, ms, at least in part. */
  visit(from: number, to: number, visitor: (at: number) => void): void {
    for (let at = this.#firstAfter(from); at < this.link.length; at += 1) {
      if ((this.from[at] ?? 0) > to) return;
      visitor(at);
    }
  }

  /** Packets a second by link, at `t` ms. */
  ratesAt(t: number): ReadonlyMap<number, number> {
    const rates = new Map<number, number>();
    this.visit(t - RATE_MS, t, (at) => {
      const link = this.link[at] ?? 0;
      const rate = ((this.packets[at] ?? 0) * 1_000) / RATE_MS;
      rates.set(link, (rates.get(link) ?? 0) + rate);
    });
    return rates;
  }

  /** Place of the first sum that ends later than `t`. */
  #firstAfter(t: number): number {
    let [low, high] = [0, this.until.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.until[middle] ?? 0) <= t) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #forgetHalf(): void {
    const start = SUMS_HELD / 2;
    this.from = this.from.slice(start);
    this.until = this.until.slice(start);
    this.link = this.link.slice(start);
    this.packets = this.packets.slice(start);
    this.dropped = this.dropped.slice(start);
    this.delayMs = this.delayMs.slice(start);
    this.#counted = this.#counted.slice(start);
  }
}
