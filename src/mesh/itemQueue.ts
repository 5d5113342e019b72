import { type ItemPool, NONE } from './itemPool.ts';

/** What is queued for one link: its first and last slot, and how many there are. */
export interface QueueEnds {
  queueFirst: number;
  queueLast: number;
  queueLength: number;
}

/** The items that wait to be sent on links, in slots of a pool. */
export class ItemQueue {
  readonly #pool: ItemPool;

  constructor(pool: ItemPool) {
    this.#pool = pool;
  }

  push(of: QueueEnds, item: number): void {
    const slot = this.#pool.take(item, 0, 0);
    if (of.queueLast === NONE) of.queueFirst = slot;
    else this.#pool.link(of.queueLast, slot);
    of.queueLast = slot;
    of.queueLength += 1;
  }

  unshift(of: QueueEnds, item: number): void {
    const slot = this.#pool.take(item, 0, 0);
    this.#pool.link(slot, of.queueFirst);
    if (of.queueLast === NONE) of.queueLast = slot;
    of.queueFirst = slot;
    of.queueLength += 1;
  }

  /** The first item, taken out; undefined when there is none. */
  shift(of: QueueEnds): number | undefined {
    const slot = of.queueFirst;
    if (slot === NONE) return undefined;
    const item = this.#pool.itemOf(slot);
    this.#remove(of, slot, NONE);
    return item;
  }

  /** The last item; undefined when there is none. */
  last(of: QueueEnds): number | undefined {
    return of.queueLast === NONE ? undefined : this.#pool.itemOf(of.queueLast);
  }

  /** Takes the last item out, which takes as long as the queue. */
  pop(of: QueueEnds): void {
    let before = NONE;
    for (let slot = of.queueFirst; slot !== of.queueLast; slot = this.#pool.nextOf(slot)) {
      before = slot;
    }
    if (of.queueLast !== NONE) this.#remove(of, of.queueLast, before);
  }

  includes(of: QueueEnds, item: number): boolean {
    for (let slot = of.queueFirst; slot !== NONE; slot = this.#pool.nextOf(slot)) {
      if (this.#pool.itemOf(slot) === item) return true;
    }
    return false;
  }

  clear(of: QueueEnds): void {
    while (of.queueFirst !== NONE) this.#remove(of, of.queueFirst, NONE);
  }

  /** `before` is the slot before it. */
  #remove(of: QueueEnds, slot: number, before: number): void {
    const after = this.#pool.nextOf(slot);
    if (before === NONE) of.queueFirst = after;
    else this.#pool.link(before, after);
    if (after === NONE) of.queueLast = before;
    of.queueLength -= 1;
    this.#pool.release(slot);
  }
}
