/**
 * The emulator's one queue of pending deliveries: a binary heap over typed arrays, earliest deadline first, equal
 * deadlines in the order they were added. Slots of `items` are reused, so a run allocates per frame and not per heap move.
 */
export class DeadlineHeap<T> {
  #deadlines = new Float64Array(1024);
  #orders = new Float64Array(1024);
  readonly #items: (T | undefined)[] = [];
  #size = 0;
  #added = 0;

  get size(): number {
    return this.#size;
  }

  /** Infinity when empty. */
  get earliest(): number {
    return this.#size === 0 ? Infinity : (this.#deadlines[0] ?? Infinity);
  }

  push(deadline: number, item: T): void {
    if (this.#size === this.#deadlines.length) this.#grow();
    const order = this.#added;
    this.#added += 1;
    let hole = this.#size;
    this.#size += 1;
    while (hole > 0) {
      const parent = (hole - 1) >> 1;
      if (!this.#isAfter(parent, deadline, order)) break;
      this.#move(parent, hole);
      hole = parent;
    }
    this.#put(hole, deadline, order, item);
  }

  /** The item with the earliest deadline; undefined when empty. */
  pop(): T | undefined {
    if (this.#size === 0) return undefined;
    const first = this.#items[0];
    this.#size -= 1;
    const last = this.#size;
    const item = this.#items[last];
    this.#items[last] = undefined;
    if (last > 0) this.#sink(this.#deadlines[last] ?? 0, this.#orders[last] ?? 0, item);
    return first;
  }

  #sink(deadline: number, order: number, item: T | undefined): void {
    let hole = 0;
    for (;;) {
      let child = 2 * hole + 1;
      if (child >= this.#size) break;
      const right = child + 1;
      if (
        right < this.#size &&
        this.#isAfter(child, this.#deadlines[right] ?? 0, this.#orders[right] ?? 0)
      ) {
        child = right;
      }
      if (this.#isAfter(child, deadline, order)) break;
      this.#move(child, hole);
      hole = child;
    }
    this.#put(hole, deadline, order, item);
  }

  #isAfter(slot: number, deadline: number, order: number): boolean {
    const other = this.#deadlines[slot] ?? 0;
    return other > deadline || (other === deadline && (this.#orders[slot] ?? 0) > order);
  }

  #move(from: number, to: number): void {
    this.#put(to, this.#deadlines[from] ?? 0, this.#orders[from] ?? 0, this.#items[from]);
  }

  #put(slot: number, deadline: number, order: number, item: T | undefined): void {
    this.#deadlines[slot] = deadline;
    this.#orders[slot] = order;
    this.#items[slot] = item;
  }

  #grow(): void {
    const deadlines = new Float64Array(this.#deadlines.length * 2);
    const orders = new Float64Array(this.#orders.length * 2);
    deadlines.set(this.#deadlines);
    orders.set(this.#orders);
    this.#deadlines = deadlines;
    this.#orders = orders;
  }
}
