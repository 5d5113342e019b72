import type { LedgerEntry, UnsignedEntry } from '../model/ledgerEntry.ts';
import type { FiledEntry } from '../signing/filing.ts';
import type { AppendedEntry } from './ledger.ts';

/** An entry on its way into the ledger. */
export interface Awaited {
  readonly filed: UnsignedEntry | FiledEntry;
  readonly entry: LedgerEntry;
  readonly leaf: Uint8Array;
  readonly resolve: (appended: AppendedEntry) => void;
  readonly reject: (error: unknown) => void;
}

/** Of a burst: nobody waits for more than this many others to be signed and written with his own. */
const MAX_TOGETHER = 256;

/** Entries that come while others are made durable wait for each other, and then go together: one flush of the disk for all of them. */
export class AppendQueue {
  readonly #appendTogether: (entries: readonly Awaited[]) => Promise<void>;
  readonly #waiting: Awaited[] = [];
  #isAtWork = false;

  /** `appendTogether` settles each of them, and does not reject. */
  constructor(appendTogether: (entries: readonly Awaited[]) => Promise<void>) {
    this.#appendTogether = appendTogether;
  }

  add(entry: Awaited): void {
    this.#waiting.push(entry);
    if (!this.#isAtWork) void this.#work();
  }

  async #work(): Promise<void> {
    this.#isAtWork = true;
    // Those of this same turn of the event loop come along.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      await this.#appendTogether(this.#waiting.splice(0, MAX_TOGETHER));
    }
    this.#isAtWork = false;
  }
}
