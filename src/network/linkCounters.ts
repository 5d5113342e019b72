import { FLOWS } from '../model/events.ts';

/** Packets per link, in typed arrays by link slot. */
export class LinkCounters {
  #numbers = new Uint32Array(64 * FLOWS.length);
  #sent = new Uint32Array(64);
  #delivered = new Uint32Array(64);
  #dropped = new Uint32Array(64);
  #unreachable = new Uint32Array(64);

  /** The number of the next packet of a flow; counts it as sent. */
  next(slot: number, flow: number): number {
    while (slot >= this.#sent.length) this.#grow();
    this.#sent[slot] = (this.#sent[slot] ?? 0) + 1;
    const at = slot * FLOWS.length + flow;
    const number = this.#numbers[at] ?? 0;
    this.#numbers[at] = number + 1;
    return number;
  }

  delivered(slot: number): void {
    this.#delivered[slot] = (this.#delivered[slot] ?? 0) + 1;
  }

  dropped(slot: number): void {
    this.#dropped[slot] = (this.#dropped[slot] ?? 0) + 1;
  }

  unreachable(slot: number): void {
    this.#unreachable[slot] = (this.#unreachable[slot] ?? 0) + 1;
  }

  of(slot: number): { sent: number; delivered: number; dropped: number; unreachable: number } {
    return {
      sent: this.#sent[slot] ?? 0,
      delivered: this.#delivered[slot] ?? 0,
      dropped: this.#dropped[slot] ?? 0,
      unreachable: this.#unreachable[slot] ?? 0,
    };
  }

  #grow(): void {
    this.#numbers = doubled(this.#numbers);
    this.#sent = doubled(this.#sent);
    this.#delivered = doubled(this.#delivered);
    this.#dropped = doubled(this.#dropped);
    this.#unreachable = doubled(this.#unreachable);
  }
}

function doubled(array: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  const grown = new Uint32Array(array.length * 2);
  grown.set(array);
  return grown;
}
