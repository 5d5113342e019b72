import { createHash } from 'node:crypto';
import { FLOWS } from '../model/packetClasses.ts';
import type { Fate } from './fate.ts';

const RECORD_BYTES = 12;
const BUFFERED_RECORDS = 256;

/** The decisions of one (link, flow), in packet order. */
class FlowDecisions {
  readonly #hash = createHash('sha256');
  readonly #buffer = new DataView(new ArrayBuffer(RECORD_BYTES * BUFFERED_RECORDS));
  #buffered = 0;
  count = 0;

  add(outcome: number, delayUs: number, duplicateUs: number): void {
    const at = this.#buffered * RECORD_BYTES;
    this.#buffer.setUint32(at, outcome);
    this.#buffer.setUint32(at + 4, delayUs);
    this.#buffer.setInt32(at + 8, duplicateUs);
    this.#buffered += 1;
    this.count += 1;
    if (this.#buffered === BUFFERED_RECORDS) this.#flush();
  }

  #flush(): void {
    this.#hash.update(new Uint8Array(this.#buffer.buffer, 0, this.#buffered * RECORD_BYTES));
    this.#buffered = 0;
  }

  digest(): string {
    this.#flush();
    return this.#hash.copy().digest('hex');
  }
}

/**
 * A digest over every decision of the link model: per (link, flow) the list of decisions in packet order, then all lists
 * in order of (link, flow). Packets of different links may be decided in any order of time without changing it.
 */
export class DecisionsDigest {
  readonly #flows = new Map<number, FlowDecisions>();

  /** Decisions of one (link, flow) come in order of their numbers, from 0. `fate` as LinkModel.decide left it. */
  add(link: number, flow: number, fate: Fate): void {
    const key = link * FLOWS.length + flow;
    let decisions = this.#flows.get(key);
    if (decisions === undefined) {
      decisions = new FlowDecisions();
      this.#flows.set(key, decisions);
    }
    const duplicateUs = fate.duplicateAt < 0 ? -1 : Math.round(fate.duplicateAt * 1000);
    decisions.add(fate.outcome, Math.round(fate.delayMs * 1000), duplicateUs);
  }

  /** SHA-256 over one line `link flow count digest` per list, 64 hex digits. */
  digest(): string {
    const whole = createHash('sha256');
    for (const key of [...this.#flows.keys()].sort((a, b) => a - b)) {
      const decisions = this.#flows.get(key);
      if (decisions === undefined) continue;
      const link = Math.floor(key / FLOWS.length);
      const flow = FLOWS[key % FLOWS.length] ?? '';
      whole.update(`${link} ${flow} ${decisions.count} ${decisions.digest()}\n`);
    }
    return whole.digest('hex');
  }
}
