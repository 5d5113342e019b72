import { CORRUPT, DELIVERED, type Fate, newFate } from './fate.ts';
import type { Flow } from './flow.ts';
import type { LinkModel } from './linkModel.ts';
import type { ChangedLink } from './linkOverlay.ts';

/**
 * Counts, per fault of the schedule, the packets that it impaired: lost, delayed, damaged, doubled or cut off, where
 * without it the same packet would have fared better. Decisions are pure, so both can be asked for the same packet.
 */
export class Impairments {
  readonly #counts: number[] = [];
  readonly #fate = newFate();

  /** By index in the schedule; faults that have impaired nothing may be missing. */
  get counts(): readonly number[] {
    return Array.from(this.#counts, (count: number | undefined) => count ?? 0);
  }

  add(fault: number): void {
    this.#counts[fault] = (this.#counts[fault] ?? 0) + 1;
  }

  /** Packets that partitions cut off; one that would have been lost anyway is not theirs. */
  cut(faults: readonly number[], fate: Fate): void {
    if (fate.outcome !== DELIVERED && fate.outcome !== CORRUPT) return;
    for (const fault of faults) this.add(fault);
  }

  /** `fate` is what the changed link decided for its packet `fate.number`. */
  decided({ model, without }: ChangedLink, link: number, flow: Flow, fate: Fate): void {
    for (const other of without) {
      other.model.decide(link, flow, fate.number, this.#fate);
      if (isWorse(fate, this.#fate) || isSlower(model, other.model)) this.add(other.fault);
    }
  }

  /** A packet found the queue of the changed link full. */
  overflowed({ model, without }: ChangedLink): void {
    for (const other of without) {
      // A packet of a link with a lower rate has been counted when it was decided.
      if (hasSmallerQueue(model, other.model) && !isSlower(model, other.model)) {
        this.add(other.fault);
      }
    }
  }
}

function isWorse(fate: Fate, without: Fate): boolean {
  if (without.outcome !== DELIVERED) return false;
  if (fate.outcome !== DELIVERED) return true;
  return fate.delayMs > without.delayMs || (fate.duplicateAt >= 0 && without.duplicateAt < 0);
}

function isSlower(model: LinkModel, without: LinkModel): boolean {
  const rate = ({ spec }: LinkModel) => spec.rateBitsPerSecond ?? Infinity;
  return rate(model) < rate(without);
}

function hasSmallerQueue(model: LinkModel, without: LinkModel): boolean {
  const queue = ({ spec }: LinkModel) => spec.queueBytes ?? Infinity;
  return queue(model) < queue(without);
}
