/**
 * Keeps the wire busy without a long queue: the next datagram is handed over when the one before has at most this long
 * to go. A timer of the event loop is late by about as much.
 */
const LEAD_MS = 1;

/**
 * Mirrors the serialisers of the links that leave this node: nobody else sends on them, so what this node has handed
 * over tells how far they are booked. `shared`: one uplink for all.
 */
export class Pacer {
  readonly #shared: boolean;
  readonly #bitsPerMs: ReadonlyMap<number, number>;
  readonly #bookedUntil = new Map<number, number>();

  constructor(shared: boolean, bitsPerMs: ReadonlyMap<number, number>) {
    this.#shared = shared;
    this.#bitsPerMs = bitsPerMs;
  }

  /** Times in ms of one origin. */
  book(to: number, bytes: number, now: number): void {
    const rate = this.#bitsPerMs.get(to) ?? Infinity;
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

  #key(to: number): number {
    return this.#shared ? -1 : to;
  }
}
