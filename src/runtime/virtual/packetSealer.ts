import { FLOW_OF_MESSAGE } from '../../mesh/io.ts';
import { chunkIndexOf } from '../../mesh/messages.ts';

/** One packet as recorded; valid only during the call. Times in ms. */
export interface SealedPacket {
  from: number;
  to: number;
  flow: number;
  number: number;
  sent: number;
  arrived: number;
  configured: number;
  outcome: number;
  /** -1: it carried none. */
  chunk: number;
}

/** Hands each packet on when its fate is known. Called millions of times a second: one object stands for all of them. */
export class PacketSealer {
  readonly #onPacket: (packet: SealedPacket) => void;
  readonly #packet: SealedPacket = {
    from: 0,
    to: 0,
    flow: 0,
    number: 0,
    sent: 0,
    arrived: 0,
    configured: 0,
    outcome: 0,
    chunk: 0,
  };

  constructor(onPacket: (packet: SealedPacket) => void) {
    this.#onPacket = onPacket;
  }

  /** @param kind of message @param b its second field: of a chunk its index @param delayMs as the link model decided */
  seal(
    from: number,
    to: number,
    kind: number,
    b: number,
    number: number,
    sentUs: number,
    arrivedMs: number,
    delayMs: number,
    outcome: number,
  ): void {
    const packet = this.#packet;
    packet.from = from;
    packet.to = to;
    packet.flow = FLOW_OF_MESSAGE[kind]?.index ?? 0;
    packet.number = number;
    packet.sent = sentUs / 1000;
    packet.arrived = arrivedMs;
    packet.configured = delayMs;
    packet.outcome = outcome;
    packet.chunk = chunkIndexOf(kind, b);
    this.#onPacket(packet);
  }
}
