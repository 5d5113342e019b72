import { classIndex } from './packetClass.ts';

const BINS = 4_096;
const FIRST_BIN_MS = 5;
const LATE = classIndex('late');

/** Fine, late and dropped. */
const SEVERITIES = 3;

export interface Bar {
  readonly fine: number;
  readonly late: number;
  readonly dropped: number;
}

/**
 * How many packets were sent when, and what became of them, for the whole of a run: it also counts packets that are no longer
 * held one by one. Bins get twice as wide when a run outgrows them, so that the memory is the same for any length.
 */
export class PacketHistogram {
  readonly #counts = new Uint32Array(BINS * SEVERITIES);
  #binMs = FIRST_BIN_MS;

  /** @param kind index in PACKET_CLASSES */
  add(sentMs: number, kind: number): void {
    while (sentMs >= this.#binMs * BINS) this.#widen();
    const bin = Math.max(0, Math.floor(sentMs / this.#binMs));
    const slot = bin * SEVERITIES + (kind < LATE ? 0 : kind === LATE ? 1 : 2);
    this.#counts[slot] = (this.#counts[slot] ?? 0) + 1;
  }

  /** `count` bars of equal width from 0 to `untilMs`; a bin counts for the bar in which it begins. */
  bars(count: number, untilMs: number): Bar[] {
    const bars = Array.from({ length: count }, () => ({ fine: 0, late: 0, dropped: 0 }));
    for (let bin = 0; bin < BINS && bin * this.#binMs < untilMs; bin += 1) {
      const bar = bars[Math.floor((bin * this.#binMs * count) / untilMs)];
      if (bar === undefined) break;
      bar.fine += this.#counts[bin * SEVERITIES] ?? 0;
      bar.late += this.#counts[bin * SEVERITIES + 1] ?? 0;
      bar.dropped += this.#counts[bin * SEVERITIES + 2] ?? 0;
    }
    return bars;
  }

  #widen(): void {
    for (let slot = 0; slot < BINS * SEVERITIES; slot += 1) {
      const severity = slot % SEVERITIES;
      const first = Math.floor(slot / SEVERITIES) * 2 * SEVERITIES + severity;
      this.#counts[slot] = (this.#counts[first] ?? 0) + (this.#counts[first + SEVERITIES] ?? 0);
    }
    this.#binMs *= 2;
  }
}
