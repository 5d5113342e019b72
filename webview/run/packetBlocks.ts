import type { PacketStore } from './packetStore.ts';

const BLOCK = 1024;

interface Block {
  firstSent: number;
  firstArrived: number;
  lastArrived: number;
}

/**
 * Earliest and latest times of each 1,024 packets of a store, kept up as packets come: what happened around an
 * instant is found in a few blocks, whatever order packets were told in.
 */
export class PacketBlocks {
  readonly #packets: PacketStore;
  readonly #blocks = new Map<number, Block>();
  #read: number;

  constructor(packets: PacketStore) {
    this.#packets = packets;
    this.#read = packets.first;
  }

  /** Calls `visit` with the place of each packet that was sent until `t` ms and neither arrived nor died until `t - since`. */
  eachAround(t: number, since: number, visit: (at: number) => void): void {
    const { packets } = this.#upToDate();
    for (const [start, block] of this.#blocks) {
      if (block.firstSent > t || block.lastArrived <= t - since) continue;
      this.#eachIn(start, (at) => {
        if ((packets.sent[at] ?? 0) <= t && (packets.arrived[at] ?? 0) > t - since) visit(at);
      });
    }
  }

  /** Calls `visit` with the place of each packet, numbered from `number` on, that arrived or died until `t` ms. */
  eachArrived(number: number, t: number, visit: (at: number) => void): void {
    const { packets } = this.#upToDate();
    for (const [start, block] of this.#blocks) {
      if (start + BLOCK <= number || block.firstArrived > t) continue;
      this.#eachIn(start, (at, each) => {
        if (each >= number && (packets.arrived[at] ?? 0) <= t) visit(at);
      });
    }
  }

  #eachIn(start: number, visit: (at: number, number: number) => void): void {
    const packets = this.#packets;
    const end = Math.min(start + BLOCK, packets.total);
    for (let number = Math.max(start, packets.first); number < end; number += 1) {
      visit(packets.at(number), number);
    }
  }

  #upToDate(): { readonly packets: PacketStore } {
    const packets = this.#packets;
    for (let number = Math.max(this.#read, packets.first); number < packets.total; number += 1) {
      const start = number - (number % BLOCK);
      const at = packets.at(number);
      const sent = packets.sent[at] ?? 0;
      const arrived = packets.arrived[at] ?? 0;
      const block = this.#blocks.get(start) ?? newBlock(this.#blocks, start);
      block.firstSent = Math.min(block.firstSent, sent);
      block.firstArrived = Math.min(block.firstArrived, arrived);
      block.lastArrived = Math.max(block.lastArrived, arrived);
    }
    this.#read = packets.total;
    for (const start of this.#blocks.keys()) {
      if (start + BLOCK > packets.first) break;
      this.#blocks.delete(start);
    }
    return { packets };
  }
}

function newBlock(blocks: Map<number, Block>, start: number): Block {
  const block = { firstSent: Infinity, firstArrived: Infinity, lastArrived: -Infinity };
  blocks.set(start, block);
  return block;
}

const KNOWN = new WeakMap<PacketStore, PacketBlocks>();

/** One set of blocks for each run's packets. */
export function blocksOf(packets: PacketStore): PacketBlocks {
  const known = KNOWN.get(packets) ?? new PacketBlocks(packets);
  KNOWN.set(packets, known);
  return known;
}
