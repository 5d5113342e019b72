import { isAcross, type Cut } from '../../../network/cuts.ts';

interface Refusal extends Cut {
  packets: number;
}

/** What came of one fault that refuses packets. */
export interface RefusalNews {
  readonly fault: number;
  /** `acted`: it refused its first packet; `healed`: it is over; `not-applied`: no node of it had a wire while it lasted. */
  readonly status: 'acted' | 'healed' | 'not-applied';
  /** Packets it has refused since the last news of it. */
  readonly packets: number;
}

/** The faults that refuse packets of services at present. */
export class Refusals {
  readonly #onNews: (news: RefusalNews) => void;
  readonly #wired = new Set<number>();
  #refusals: readonly Refusal[] = [];

  constructor(onNews: (news: RefusalNews) => void) {
    this.#onNews = onNews;
  }

  /** Services of this node can send packets. */
  wired(node: number): void {
    this.#wired.add(node);
  }

  begin(cut: Cut): void {
    this.#refusals = [...this.#refusals, { ...cut, packets: 0 }];
  }

  /** Whether a packet is refused on this link; counts it. */
  meets(from: number, to: number): boolean {
    let isMet = false;
    for (const refusal of this.#refusals) {
      if (!isAcross(refusal, from, to)) continue;
      isMet = true;
      refusal.packets += 1;
      const { fault, packets } = refusal;
      if (packets === 1) this.#onNews({ fault, status: 'acted', packets });
    }
    return isMet;
  }

  end(fault: number): void {
    const ended = this.#refusals.find((refusal) => refusal.fault === fault);
    if (ended === undefined) return;
    this.#refusals = this.#refusals.filter((refusal) => refusal !== ended);
    const { from, to, oneWay, packets } = ended;
    const senders = oneWay ? from : [...from, ...to];
    const isWired = senders.some((node) => this.#wired.has(node));
    const status = isWired ? 'healed' : 'not-applied';
    this.#onNews({ fault, status, packets: Math.max(0, packets - 1) });
  }

  endAll(): void {
    for (const { fault } of this.#refusals) this.end(fault);
  }
}
