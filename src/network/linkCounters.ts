import { FLOWS } from '../model/packetClasses.ts';

/** One link's counts lie together, half a line of the processor's cache: the numbers of its flows first. */
const DELIVERED = FLOWS.length;
const DROPPED = DELIVERED + 1;
const UNREACHABLE = DELIVERED + 2;
const PER_LINK = DELIVERED + 3;

/** Packets per link, in a typed array by link slot. */
export class LinkCounters {
  #counts = new Uint32Array(64 * PER_LINK);

  /** The number of the next packet of a flow; counts it as sent. */
  next(slot: number, flow: number): number {
    if ((slot + 1) * PER_LINK > this.#counts.length) this.#grow(slot);
    const at = slot * PER_LINK + flow;
    const number = this.#counts[at] ?? 0;
    this.#counts[at] = number + 1;
    return number;
  }

  delivered(slot: number): void {
    this.#add(slot, DELIVERED);
  }

  dropped(slot: number): void {
    this.#add(slot, DROPPED);
  }

  unreachable(slot: number): void {
    this.#add(slot, UNREACHABLE);
  }

  of(slot: number): { sent: number; delivered: number; dropped: number; unreachable: number } {
    const count = (what: number) => this.#counts[slot * PER_LINK + what] ?? 0;
    return {
      sent: FLOWS.reduce((sum, _, flow) => sum + count(flow), 0),
      delivered: count(DELIVERED),
      dropped: count(DROPPED),
      unreachable: count(UNREACHABLE),
    };
  }

  #add(slot: number, what: number): void {
    const at = slot * PER_LINK + what;
    this.#counts[at] = (this.#counts[at] ?? 0) + 1;
  }

  #grow(slot: number): void {
    const grown = new Uint32Array(Math.max(this.#counts.length * 2, (slot + 1) * PER_LINK));
    grown.set(this.#counts);
    this.#counts = grown;
  }
}
