import { wordsFor } from './bits.ts';
import { ItemPool } from './itemPool.ts';
import { ItemQueue } from './itemQueue.ts';
import { Outstanding } from './outstanding.ts';

/** A link's record: two lines of the processor's cache. */
export const RECORD_BYTES = 128;

/**
 * The memory of links: a record each, the chunks the neighbour holds, and the lists of items for it. A world in which many
 * nodes run shares one between all of them: a hundred thousand nodes have a million links, and what an event touches must
 * lie close together. Records are not given back: a node that restarts takes new ones, and restarts are few.
 */
export class LinkMemory {
  #capacity: number;
  #used = 0;
  /** By record, the neighbour's index. */
  #neighbours: Int32Array;
  /** Four views of the same records. */
  wide: Float64Array;
  single: Float32Array;
  narrow: Int32Array;
  bytes: Uint8Array;
  /** By record, the chunks the neighbour holds: `heldWords` words of bits. */
  held: Uint32Array;
  readonly heldWords: number;
  readonly queue: ItemQueue;
  readonly outstanding: Outstanding;

  /** @param capacity links there is room for at first */
  constructor(capacity: number, chunkCount: number) {
    this.#capacity = Math.max(1, capacity);
    this.heldWords = wordsFor(chunkCount);
    this.#neighbours = new Int32Array(this.#capacity);
    const records = new ArrayBuffer(this.#capacity * RECORD_BYTES);
    this.wide = new Float64Array(records);
    this.single = new Float32Array(records);
    this.narrow = new Int32Array(records);
    this.bytes = new Uint8Array(records);
    this.held = new Uint32Array(this.#capacity * this.heldWords);
    const items = new ItemPool();
    this.queue = new ItemQueue(items);
    this.outstanding = new Outstanding(items);
  }

  /** Records side by side, all zeros, for the links of one node to `neighbours`, which ascend. Returns the first. */
  allot(neighbours: readonly number[]): number {
    const first = this.#used;
    this.#used += neighbours.length;
    while (this.#used > this.#capacity) this.#grow();
    this.#neighbours.set(neighbours, first);
    return first;
  }

  #grow(): void {
    this.#capacity *= 2;
    const records = new ArrayBuffer(this.#capacity * RECORD_BYTES);
    const { wide, held } = this;
    this.wide = new Float64Array(records);
    this.wide.set(wide);
    this.single = new Float32Array(records);
    this.narrow = new Int32Array(records);
    this.bytes = new Uint8Array(records);
    this.held = new Uint32Array(this.#capacity * this.heldWords);
    this.held.set(held);
    const neighbours = this.#neighbours;
    this.#neighbours = new Int32Array(this.#capacity);
    this.#neighbours.set(neighbours);
  }

  /** The record of the link to `node` among the `count` that one node was allotted; -1: it has none. */
  find(first: number, count: number, node: number): number {
    let low = first;
    let high = first + count - 1;
    while (low <= high) {
      const middle = (low + high) >>> 1;
      const found = this.#neighbours[middle] ?? 0;
      if (found === node) return middle;
      if (found < node) low = middle + 1;
      else high = middle - 1;
    }
    return -1;
  }
}
