/** Streams are numbers below this: with a link they make one exact key. */
export const STREAM_SPAN = 2 ** 42;

const MOST_STREAMS = 65_536;
/** A table that is full of packets on their way is not searched again for each new one. */
const SWEEP_PAUSE_MS = 10;

/**
 * Keeps the packets of each stream of each link in order: a packet is never due before the one sent before it. A stream
 * is remembered while a packet of it is on its way. When too many are, further streams of a link share one place: they are
 * in order too, only with each other as well.
 */
export class StreamOrder {
  readonly #capacity: number;
  readonly #lastDue = new Map<number, number>();
  /** By link, for streams that found no place. */
  readonly #sharedDue = new Map<number, number>();
  #sweptAt = -Infinity;

  constructor(capacity = MOST_STREAMS) {
    this.#capacity = capacity;
  }

  /** When the packet is due. `now` is when it was sent; it never decreases from call to call. Times in ms. */
  dueAt(link: number, stream: number, deliverAt: number, now: number): number {
    const key = link * STREAM_SPAN + stream;
    const last = this.#lastDue.get(key);
    const hasPlace = last !== undefined || this.#hasRoom(now);
    const due = Math.max(deliverAt, last ?? this.#sharedDue.get(link) ?? 0);
    if (hasPlace) this.#lastDue.set(key, due);
    else this.#sharedDue.set(link, due);
    return due;
  }

  #hasRoom(now: number): boolean {
    if (this.#lastDue.size < this.#capacity) return true;
    if (now < this.#sweptAt + SWEEP_PAUSE_MS) return false;
    this.#sweptAt = now;
    // Whatever is sent from now on is due later anyway.
    for (const [key, due] of this.#lastDue) if (due <= now) this.#lastDue.delete(key);
    return this.#lastDue.size < this.#capacity;
  }
}
