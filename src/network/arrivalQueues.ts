interface Booking {
  readonly start: number;
  readonly end: number;
}

/**
 * Queues of bits in front of receivers, in ms. Packets of several senders come to one, and one that waits for its sender's rate
 * comes later than others that are sent after it: so each takes the first time from its coming on that nobody has booked, and
 * the receiver's link is never idle while something waits for it.
 */
export class ArrivalQueues {
  /** In order of time, disjoint; what is over is let go of. */
  readonly #booked = new Map<number, Booking[]>();

  /** When the receiver's link has nothing more booked; 0: nothing is. */
  freeAt(queue: number): number {
    return this.#booked.get(queue)?.at(-1)?.end ?? 0;
  }

  /** Where `bits` that come at `at` would begin, at this rate. */
  startOf(queue: number, bits: number, bitsPerMs: number, at: number): number {
    const length = bits / bitsPerMs;
    let start = at;
    for (const booking of this.#booked.get(queue) ?? []) {
      if (start + length <= booking.start) return start;
      start = Math.max(start, booking.end);
    }
    return start;
  }

  /** Books them there. `now`: nothing that is booked from here on comes earlier. Returns when the last bit is through, in ms. */
  book(queue: number, bits: number, bitsPerMs: number, at: number, now: number): number {
    const start = this.startOf(queue, bits, bitsPerMs, at);
    const end = start + bits / bitsPerMs;
    const before: Booking[] = [];
    const after: Booking[] = [];
    for (const booking of this.#booked.get(queue) ?? []) {
      if (booking.end > now) (booking.start < start ? before : after).push(booking);
    }
    this.#booked.set(queue, joined([...before, { start, end }, ...after]));
    return end;
  }
}

/** Bookings without a gap between them are one, so that a busy queue has few. */
function joined(bookings: readonly Booking[]): Booking[] {
  const all: Booking[] = [];
  for (const booking of bookings) {
    const last = all.at(-1);
    if (last !== undefined && booking.start <= last.end) {
      all[all.length - 1] = { start: last.start, end: Math.max(last.end, booking.end) };
    } else {
      all.push(booking);
    }
  }
  return all;
}
