/** Indices in model/events OUTCOMES. */
export const DELIVERED = 0;
export const LOST = 1;
export const CORRUPT = 2;
export const BLACKHOLED = 3;
export const OVERFLOW = 4;
export const PEER_DOWN = 5;
/** Of packets of services alone, and no link's decision: a fault had it answered in the place of its receiver. */
export const REFUSED = 6;

/** What becomes of one datagram. Written into by its decider, so that a hot path reuses one object. */
export interface Fate {
  /** The packet's number on its (link, flow), from 0. */
  number: number;
  /** DELIVERED and CORRUPT arrive; the others die here. */
  outcome: number;
  /** The one-way delay the link model decided, in ms (whole µs). Pure: does not depend on time or load. */
  delayMs: number;
  /** When it is to be handed over, in the caller's ms: sent + waiting and serialising (with a rate) + delay. */
  deliverAt: number;
  /** When its double is to be handed over; -1: it has none. */
  duplicateAt: number;
  /** Uniform 32 bits that choose the byte to damage when the outcome is CORRUPT. */
  damage: number;
}

export function newFate(): Fate {
  return { number: 0, outcome: 0, delayMs: 0, deliverAt: 0, duplicateAt: -1, damage: 0 };
}
