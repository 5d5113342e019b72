import type { HostClock } from './control.ts';

/** The fastest of so many counts, and the median is theirs: clocks drift, and paths change. */
const KEPT = 64;

interface Answered {
  readonly roundTripMs: number;
  readonly offsetMs: number;
}

/** Asks what time it is there, and knows from the fastest answers how far the two clocks are apart. Times in ms. */
export class ClockPings {
  readonly #sentAt = new Map<number, number>();
  readonly #answered: Answered[] = [];
  #next = 0;

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
    this.#answered.push({ roundTripMs: now - sent, offsetMs: there - (sent + now) / 2 });
    if (this.#answered.length > KEPT) this.#answered.shift();
    return true;
  }

  /** By the last answers; undefined: none came yet. */
  get clock(): HostClock | undefined {
    const sorted = [...this.#answered].sort((one, other) => one.roundTripMs - other.roundTripMs);
    const [best] = sorted;
    if (best === undefined) return undefined;
    const { roundTripMs: rttMinMs, offsetMs } = best;
    const rttP50Ms = sorted[sorted.length >> 1]?.roundTripMs ?? rttMinMs;
    return { offsetMs, errorMs: rttMinMs / 2, rttMinMs, rttP50Ms };
  }

  get answers(): number {
    return this.#next - this.#sentAt.size;
  }
}
