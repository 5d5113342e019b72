import type { HostClock } from './control.ts';

/** Of so many the median is told; the fastest counts for as long as the pipe is open. */
const KEPT = 64;

/** Asks what time it is there, and knows from the fastest answers how far the two clocks are apart. Times in ms. */
export class ClockPings {
  readonly #sentAt = new Map<number, number>();
  readonly #roundTrips: number[] = [];
  #next = 0;
  #best: Pick<HostClock, 'offsetMs' | 'errorMs' | 'rttMinMs'> | undefined;

  /** The number of a ping that leaves now. */
  leaves(now: number): number {
    const number = this.#next;
    this.#next += 1;
    this.#sentAt.set(number, now);
    return number;
  }

  /** `there`: the host's clock when it answered. False: nobody asked, or it has answered before. */
  answered(number: number, there: number, now: number): boolean {
    const sent = this.#sentAt.get(number);
    if (sent === undefined || !Number.isFinite(there)) return false;
    this.#sentAt.delete(number);
    const roundTrip = now - sent;
    this.#roundTrips.push(roundTrip);
    if (this.#roundTrips.length > KEPT) this.#roundTrips.shift();
    if (this.#best === undefined || roundTrip <= this.#best.rttMinMs) {
      const offsetMs = there - (sent + now) / 2;
      this.#best = { offsetMs, errorMs: roundTrip / 2, rttMinMs: roundTrip };
    }
    return true;
  }

  /** Undefined: none was answered yet. */
  get clock(): HostClock | undefined {
    if (this.#best === undefined) return undefined;
    const sorted = [...this.#roundTrips].sort((one, other) => one - other);
    return { ...this.#best, rttP50Ms: sorted[sorted.length >> 1] ?? this.#best.rttMinMs };
  }

  get answers(): number {
    return this.#next - this.#sentAt.size;
  }
}
