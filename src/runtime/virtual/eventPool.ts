/** What an entry of virtual time is. */
export const MESSAGE_EVENT = 0;
export const TIMER_EVENT = 1;
export const IDLE_EVENT = 2;
export const WORLD_EVENT = 3;

/** The bytes of a message were damaged on the way, or altered by a node that relayed them. */
export const DAMAGED = 1;
export const ALTERED = 2;
/** The second copy of a doubled datagram. */
export const DOUBLE = 4;

/**
 * Slots for entries of virtual time, in columns, used again and again: a run of a million nodes' events allocates nothing
 * per event. Columns are public: the world writes and reads them in its innermost loop.
 */
export class EventPool {
  #capacity = 1024;
  #free: number[] = [];
  #used = 0;

  kind = new Uint8Array(this.#capacity);
  flags = new Uint8Array(this.#capacity);
  /** Message: its kind. */
  message = new Uint8Array(this.#capacity);
  /** Receiver, or owner of the timer. */
  node = new Int32Array(this.#capacity);
  /** Sender. Timer: the incarnation it belongs to. */
  from = new Int32Array(this.#capacity);
  /** Message: a to d. Timer: a = key. World: a = index of the action. */
  a = new Float64Array(this.#capacity);
  b = new Float64Array(this.#capacity);
  c = new Float64Array(this.#capacity);
  d = new Float64Array(this.#capacity);
  /** Message: when it was sent, µs; the delay the link model decided, ms; its number on (link, flow). */
  sentUs = new Float64Array(this.#capacity);
  delayMs = new Float64Array(this.#capacity);
  number = new Int32Array(this.#capacity);
  readonly bits: (Uint32Array | null)[] = [];

  take(): number {
    const free = this.#free.pop();
    if (free !== undefined) return free;
    if (this.#used === this.#capacity) this.#grow();
    return this.#used++;
  }

  release(id: number): void {
    this.bits[id] = null;
    this.#free.push(id);
  }

  #grow(): void {
    const capacity = this.#capacity * 2;
    this.#capacity = capacity;
    this.kind = copied(this.kind, new Uint8Array(capacity));
    this.flags = copied(this.flags, new Uint8Array(capacity));
    this.message = copied(this.message, new Uint8Array(capacity));
    this.node = copied(this.node, new Int32Array(capacity));
    this.from = copied(this.from, new Int32Array(capacity));
    this.a = copied(this.a, new Float64Array(capacity));
    this.b = copied(this.b, new Float64Array(capacity));
    this.c = copied(this.c, new Float64Array(capacity));
    this.d = copied(this.d, new Float64Array(capacity));
    this.sentUs = copied(this.sentUs, new Float64Array(capacity));
    this.delayMs = copied(this.delayMs, new Float64Array(capacity));
    this.number = copied(this.number, new Int32Array(capacity));
  }
}

function copied<T extends { set(from: T): void }>(from: T, to: T): T {
  to.set(from);
  return to;
}
