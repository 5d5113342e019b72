/**
 * Keeps the wire busy without a long queue: the next datagram is handed over when the one before has at most this long
 * to go. A timer of the event loop is late by about as much.
 */
const LEAD_MS = 1;

const UPLINK = -1;

/** Rates in bits per ms; 0: none. */
export interface PacerRates {
  readonly uplink: number;
  /** By neighbour; a link with a rate of its own does not take part in the uplink's. */
  readonly links: ReadonlyMap<number, number>;
}

/**
 * Mirrors the serialisers of the links that leave this node: nobody else sends on them, so what this node has handed
 * over tells how far they are booked.
 */
export class Pacer {
  readonly #rates: PacerRates;
  readonly #bookedUntil = new Map<number, number>();

  constructor(rates: PacerRates) {
    this.#rates = rates;
  }

  /** Times in ms of one origin. */
  book(to: number, bytes: number, now: number): void {
    const own = this.#ownRate(to);
    const rate = own > 0 ? own : this.#rates.uplink;
    if (rate === 0) return;
    const start = Math.max(now, this.#booked(to));
    this.#bookedUntil.set(this.#key(to), start + (bytes * 8) / rate);
  }

  /** When a datagram to `to` may be handed over; in the past: now. */
  idleAt(to: number): number {
    return this.#booked(to) - LEAD_MS;
  }

  #booked(to: number): number {
    return this.#bookedUntil.get(this.#key(to)) ?? 0;
  }

  #ownRate(to: number): number {
    return this.#rates.links.get(to) ?? 0;
  }

  #key(to: number): number {
    return this.#ownRate(to) > 0 ? to : UPLINK;
  }
}
