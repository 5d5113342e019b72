/**
 * Virtual time as a timing wheel of 1 µs slots. Entries are ids of the caller's; those of one instant come out in the
 * order they were put in, so a run is the same on every machine. Entries beyond the wheel wait in a heap.
 */
const NONE = -1;

/** Ordered by (time, order of arrival). */
class OverflowHeap {
  readonly #times: number[] = [];
  readonly #orders: number[] = [];
  readonly #ids: number[] = [];
  #arrivals = 0;

  get size(): number {
    return this.#ids.length;
  }

  get firstTime(): number {
    return this.#times[0] ?? Infinity;
  }

  push(time: number, id: number): void {
    let at = this.#ids.length;
    const order = this.#arrivals++;
    while (at > 0) {
      const parent = (at - 1) >>> 1;
      if (!this.#isBefore(time, order, parent)) break;
      this.#copy(parent, at);
      at = parent;
    }
    this.#set(at, time, order, id);
  }

  pop(): number {
    const id = this.#ids[0] ?? NONE;
    const time = this.#times.pop() ?? 0;
    const order = this.#orders.pop() ?? 0;
    const last = this.#ids.pop() ?? NONE;
    const size = this.#ids.length;
    if (size === 0) return id;
    let at = 0;
    for (;;) {
      let child = at * 2 + 1;
      if (child >= size) break;
      if (child + 1 < size && this.#childIsBefore(child + 1, child)) child += 1;
      if (this.#isBefore(time, order, child)) break;
      this.#copy(child, at);
      at = child;
    }
    this.#set(at, time, order, last);
    return id;
  }

  #isBefore(time: number, order: number, at: number): boolean {
    const other = this.#times[at] ?? 0;
    return time < other || (time === other && order < (this.#orders[at] ?? 0));
  }

  #childIsBefore(a: number, b: number): boolean {
    return this.#isBefore(this.#times[a] ?? 0, this.#orders[a] ?? 0, b);
  }

  #copy(from: number, to: number): void {
    this.#set(to, this.#times[from] ?? 0, this.#orders[from] ?? 0, this.#ids[from] ?? NONE);
  }

  #set(at: number, time: number, order: number, id: number): void {
    this.#times[at] = time;
    this.#orders[at] = order;
    this.#ids[at] = id;
  }
}

export class TimingWheel {
  readonly #mask: number;
  /** By slot, side by side: its first entry and its last. */
  readonly #ends: Int32Array;
  /** One bit per slot, and one bit per word of those: the next busy slot is found in a few steps. */
  readonly #busy: Int32Array;
  readonly #busyWords: Int32Array;
  /** By id: the one after it in the same slot. */
  #after = new Int32Array(1024);
  readonly #overflow = new OverflowHeap();
  #inWheel = 0;
  #now = 0;

  /** `bits` ≥ 10: the wheel spans 2^bits µs. */
  constructor(bits: number) {
    const slots = 2 ** bits;
    this.#mask = slots - 1;
    this.#ends = new Int32Array(slots * 2).fill(NONE);
    this.#busy = new Int32Array(slots / 32);
    this.#busyWords = new Int32Array(slots / 1024);
  }

  /** µs. */
  get now(): number {
    return this.#now;
  }

  get size(): number {
    return this.#inWheel + this.#overflow.size;
  }

  /** `time` in whole µs; what lies in the past happens now. */
  put(id: number, time: number): void {
    const at = time < this.#now ? this.#now : time;
    if (at - this.#now > this.#mask) this.#overflow.push(at, id);
    else this.#place(id, at);
  }

  #place(id: number, time: number): void {
    while (id >= this.#after.length) this.#grow();
    const slot = time & this.#mask;
    this.#after[id] = NONE;
    const tail = this.#ends[slot * 2 + 1] ?? NONE;
    if (tail === NONE) {
      this.#ends[slot * 2] = id;
      const word = slot >>> 5;
      this.#busy[word] = (this.#busy[word] ?? 0) | (1 << (slot & 31));
      const group = word >>> 5;
      this.#busyWords[group] = (this.#busyWords[group] ?? 0) | (1 << (word & 31));
    } else this.#after[tail] = id;
    this.#ends[slot * 2 + 1] = id;
    this.#inWheel += 1;
  }

  #grow(): void {
    const grown = new Int32Array(this.#after.length * 2);
    grown.set(this.#after);
    this.#after = grown;
  }

  /** Takes the next entry out and moves the time to it; -1 when there is none. */
  next(): number {
    if (this.#inWheel === 0) {
      if (this.#overflow.size === 0) return NONE;
      this.#advance(this.#overflow.firstTime);
    }
    const slot = this.#nextBusySlot(this.#now & this.#mask);
    const ahead = (slot - this.#now) & this.#mask;
    if (ahead > 0) this.#advance(this.#now + ahead);
    return this.#take(slot);
  }

  /** What has come within the wheel's span moves in before anything new can be put into those slots. */
  #advance(time: number): void {
    this.#now = time;
    while (this.#overflow.firstTime - time <= this.#mask) {
      const at = this.#overflow.firstTime;
      this.#place(this.#overflow.pop(), at);
    }
  }

  #take(slot: number): number {
    const id = this.#ends[slot * 2] ?? NONE;
    const after = this.#after[id] ?? NONE;
    this.#ends[slot * 2] = after;
    this.#inWheel -= 1;
    if (after !== NONE) return id;
    this.#ends[slot * 2 + 1] = NONE;
    const word = slot >>> 5;
    const left = (this.#busy[word] ?? 0) & ~(1 << (slot & 31));
    this.#busy[word] = left;
    if (left === 0) {
      const group = word >>> 5;
      this.#busyWords[group] = (this.#busyWords[group] ?? 0) & ~(1 << (word & 31));
    }
    return id;
  }

  /**
   * Lists the entries that are next as far as it is known, without taking them out: no more than `into` holds, and none that
   * wait beyond the wheel. Returns how many.
   */
  upcoming(into: Int32Array): number {
    const count = Math.min(into.length, this.#inWheel);
    let slot = this.#now;
    for (let found = 0; found < count;) {
      slot = this.#nextBusySlot(slot & this.#mask);
      for (let id = this.#ends[slot * 2] ?? NONE; id !== NONE && found < count;) {
        into[found] = id;
        found += 1;
        id = this.#after[id] ?? NONE;
      }
      slot += 1;
    }
    return count;
  }

  /** From the slot `start` on, around the wheel. There is one. */
  #nextBusySlot(start: number): number {
    const word = start >>> 5;
    const here = (this.#busy[word] ?? 0) & (-1 << (start & 31));
    if (here !== 0) return word * 32 + lowestBit(here);
    const found = this.#nextBusyWord(word + 1);
    return found * 32 + lowestBit(this.#busy[found] ?? 0);
  }

  #nextBusyWord(from: number): number {
    const groups = this.#busyWords.length;
    const group = (from >>> 5) % groups;
    if (from < this.#busy.length && (from & 31) !== 0) {
      const here = (this.#busyWords[group] ?? 0) & (-1 << (from & 31));
      if (here !== 0) return group * 32 + lowestBit(here);
      return this.#scanGroups(group + 1);
    }
    return this.#scanGroups(group);
  }

  #scanGroups(from: number): number {
    const groups = this.#busyWords.length;
    for (let step = 0; step <= groups; step++) {
      const group = (from + step) % groups;
      const bits = this.#busyWords[group] ?? 0;
      if (bits !== 0) return group * 32 + lowestBit(bits);
    }
    return 0;
  }
}

function lowestBit(bits: number): number {
  return 31 - Math.clz32(bits & -bits);
}
