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
/** It has left the slow path of its sender, and that of its receiver: see SlowPaths. */
export const HAS_LEFT = 8;
export const IS_THERE = 16;

/** A record is 32 bytes, half a line of the processor's cache: `a` as a 64-bit number, the rest 32 bits each. */
const WIDE_FIELDS = 4;
const A = 0;

const NARROW_FIELDS = 8;
const B = 2;
const C = 3;
const D = 4;
const NODE = 5;
const FROM = 6;
/** Kind of entry, kind of message and flags, a byte each. */
const KINDS = 7;
const MESSAGE_SHIFT = 8;
const FLAGS_SHIFT = 16;
const BYTE = 0xff;

/** What the network decided about a message, in an array of its own: only small meshes have somebody who asks. */
const STAMP_FIELDS = 3;
const SENT_US = 0;
const DELAY_MS = 1;
const NUMBER = 2;

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
  #stamps: Float64Array;
  /** By id: the bits a message carries. */
  readonly #bits: (Uint32Array | null)[] = [];
  /** Arrays of messages that have arrived, for the bits of others. */
  readonly #spareBits: Uint32Array[] = [];
  /** By id: what the world does. */
  readonly #actions: ((() => void) | null)[] = [];

  /** @param stamped messages are to be stamped */
  constructor(stamped: boolean) {
    this.#stamps = new Float64Array(stamped ? this.#capacity * STAMP_FIELDS : 0);
  }

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
    if (this.#stamps.length === 0) return;
    const stamps = new Float64Array(this.#capacity * STAMP_FIELDS);
    stamps.set(this.#stamps);
    this.#stamps = stamps;
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

  /** The entry is a message of the kind `message`; `b` to `d` are 32-bit words, as on the wire. `bits` are copied. */
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
    this.#wide[id * WIDE_FIELDS + A] = a;
    const at = id * NARROW_FIELDS;
    this.#narrow[at + B] = b;
    this.#narrow[at + C] = c;
    this.#narrow[at + D] = d;
    this.#narrow[at + KINDS] = MESSAGE_EVENT | (message << MESSAGE_SHIFT) | (flags << FLAGS_SHIFT);
    if (bits !== null) this.#bits[id] = this.#copyOf(bits);
  }

  /** What the network decided about the message: when it was sent, its delay, its number on (link, flow). */
  stamp(id: number, sentUs: number, delayMs: number, number: number): void {
    const at = id * STAMP_FIELDS;
    this.#stamps[at + SENT_US] = sentUs;
    this.#stamps[at + DELAY_MS] = delayMs;
    this.#stamps[at + NUMBER] = number;
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

  /** Adds to the flags of a message. */
  flag(id: number, flag: number): void {
    const at = id * NARROW_FIELDS + KINDS;
    this.#narrow[at] = (this.#narrow[at] ?? 0) | (flag << FLAGS_SHIFT);
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
    return this.#narrow[id * NARROW_FIELDS + B] ?? 0;
  }

  cOf(id: number): number {
    return this.#narrow[id * NARROW_FIELDS + C] ?? 0;
  }

  dOf(id: number): number {
    return this.#narrow[id * NARROW_FIELDS + D] ?? 0;
  }

  sentUsOf(id: number): number {
    return this.#stamps[id * STAMP_FIELDS + SENT_US] ?? 0;
  }

  delayMsOf(id: number): number {
    return this.#stamps[id * STAMP_FIELDS + DELAY_MS] ?? 0;
  }

  numberOf(id: number): number {
    return this.#stamps[id * STAMP_FIELDS + NUMBER] ?? 0;
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
