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

/** A record is 64 bytes, one line of the processor's cache: six 64-bit fields, then four of 32 bits. */
const WIDE_FIELDS = 8;
const A = 0;
const B = 1;
const C = 2;
const D = 3;
const SENT_US = 4;
const DELAY_MS = 5;

const NARROW_FIELDS = 16;
const NODE = 12;
const FROM = 13;
const NUMBER = 14;
/** Kind of entry, kind of message and flags, a byte each. */
const KINDS = 15;
const MESSAGE_SHIFT = 8;
const FLAGS_SHIFT = 16;
const BYTE = 0xff;

/**
 * Slots for entries of virtual time, used again and again: a run of a million nodes' events allocates nothing per event.
 * An entry's fields lie side by side, because entries are visited in an order that memory can not foresee.
 */
export class EventPool {
  #capacity = 1024;
  readonly #free: number[] = [];
  #used = 0;
  #wide = new Float64Array(this.#capacity * WIDE_FIELDS);
  /** The same memory. */
  #narrow = new Int32Array(this.#wide.buffer);
  /** By id: the bits a message carries. */
  readonly #bits: (Uint32Array | null)[] = [];
  /** Arrays of messages that have arrived, for the bits of others. */
  readonly #spareBits: Uint32Array[] = [];
  /** By id: what the world does. */
  readonly #actions: ((() => void) | null)[] = [];

  /** The fields an entry does not set are what the slot's last one left there: the same in every run of a plan. */
  take(kind: number): number {
    const id = this.#free.pop() ?? this.#fresh();
    this.#narrow[id * NARROW_FIELDS + KINDS] = kind;
    return id;
  }

  #fresh(): number {
    if (this.#used === this.#capacity) this.#grow();
    this.#bits.push(null);
    this.#actions.push(null);
    return this.#used++;
  }

  #grow(): void {
    this.#capacity *= 2;
    const grown = new Float64Array(this.#capacity * WIDE_FIELDS);
    grown.set(this.#wide);
    this.#wide = grown;
    this.#narrow = new Int32Array(grown.buffer);
  }

  /** @param node receiver of the message, or owner of the timer @param from its sender; timer: the incarnation it belongs to */
  address(id: number, node: number, from: number): void {
    this.#narrow[id * NARROW_FIELDS + NODE] = node;
    this.#narrow[id * NARROW_FIELDS + FROM] = from;
  }

  /** Timer: its key. World: the number of the action. */
  setA(id: number, a: number): void {
    this.#wide[id * WIDE_FIELDS + A] = a;
  }

  /** The entry is a message of the kind `message`. `bits` are copied. */
  carry(
    id: number,
    message: number,
    flags: number,
    a: number,
    b: number,
    c: number,
    d: number,
    bits: Uint32Array | null,
  ): void {
    const at = id * WIDE_FIELDS;
    this.#wide[at + A] = a;
    this.#wide[at + B] = b;
    this.#wide[at + C] = c;
    this.#wide[at + D] = d;
    const kinds = id * NARROW_FIELDS + KINDS;
    this.#narrow[kinds] =
      (this.#narrow[kinds] ?? 0) | (message << MESSAGE_SHIFT) | (flags << FLAGS_SHIFT);
    if (bits !== null) this.#bits[id] = this.#copyOf(bits);
  }

  /** What the network decided about the message: when it was sent, its delay, its number on (link, flow). */
  stamp(id: number, sentUs: number, delayMs: number, number: number): void {
    this.#wide[id * WIDE_FIELDS + SENT_US] = sentUs;
    this.#wide[id * WIDE_FIELDS + DELAY_MS] = delayMs;
    this.#narrow[id * NARROW_FIELDS + NUMBER] = number;
  }

  /** The entry is something the world does. */
  entrust(id: number, action: () => void): void {
    this.#actions[id] = action;
  }

  #copyOf(bits: Uint32Array): Uint32Array {
    const copy = this.#spareBits.pop();
    if (copy?.length !== bits.length) return bits.slice();
    for (let word = 0; word < bits.length; word++) copy[word] = bits[word] ?? 0;
    return copy;
  }

  kindOf(id: number): number {
    return (this.#narrow[id * NARROW_FIELDS + KINDS] ?? 0) & BYTE;
  }

  messageOf(id: number): number {
    return ((this.#narrow[id * NARROW_FIELDS + KINDS] ?? 0) >>> MESSAGE_SHIFT) & BYTE;
  }

  flagsOf(id: number): number {
    return ((this.#narrow[id * NARROW_FIELDS + KINDS] ?? 0) >>> FLAGS_SHIFT) & BYTE;
  }

  nodeOf(id: number): number {
    return this.#narrow[id * NARROW_FIELDS + NODE] ?? 0;
  }

  fromOf(id: number): number {
    return this.#narrow[id * NARROW_FIELDS + FROM] ?? 0;
  }

  aOf(id: number): number {
    return this.#wide[id * WIDE_FIELDS + A] ?? 0;
  }

  bOf(id: number): number {
    return this.#wide[id * WIDE_FIELDS + B] ?? 0;
  }

  cOf(id: number): number {
    return this.#wide[id * WIDE_FIELDS + C] ?? 0;
  }

  dOf(id: number): number {
    return this.#wide[id * WIDE_FIELDS + D] ?? 0;
  }

  sentUsOf(id: number): number {
    return this.#wide[id * WIDE_FIELDS + SENT_US] ?? 0;
  }

  delayMsOf(id: number): number {
    return this.#wide[id * WIDE_FIELDS + DELAY_MS] ?? 0;
  }

  numberOf(id: number): number {
    return this.#narrow[id * NARROW_FIELDS + NUMBER] ?? 0;
  }

  /** Valid until the entry is released. */
  bitsOf(id: number): Uint32Array | null {
    return this.#bits[id] ?? null;
  }

  actionOf(id: number): (() => void) | null {
    return this.#actions[id] ?? null;
  }

  /** Its fields are not to be read any more. */
  release(id: number): void {
    const bits = this.#bits[id] ?? null;
    if (bits !== null) {
      this.#spareBits.push(bits);
      this.#bits[id] = null;
    }
    this.#actions[id] = null;
    this.#free.push(id);
  }
}
