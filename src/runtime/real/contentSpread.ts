import { CHUNK_FLOW } from '../../mesh/flows.ts';
import type { PacketBatch } from '../../model/events.ts';

/** From when to when content was on its way, ms since the run began. */
export class ContentSpread {
  /** The first chunk was put on a link; Infinity: none was. */
  firstSent = Infinity;
  /** The last chunk was stored; -1: none was. */
  lastStored = -1;

  sent(packets: PacketBatch): void {
    packets.flow.forEach((flow, i) => {
      if (flow !== CHUNK_FLOW.index) return;
      this.firstSent = Math.min(this.firstSent, packets.sent[i] ?? Infinity);
    });
  }

  stored(at: number): void {
    this.lastStored = Math.max(this.lastStored, at);
  }
}
