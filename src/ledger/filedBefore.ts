import type { LedgerEntry } from '../model/ledgerEntry.ts';
import { FilingHistory } from './filingHistory.ts';
import { TILE_WIDTH } from './tilePath.ts';
import type { Tiles } from './tiles.ts';

/** The history of one ledger as this process has read it; each append reads what others added since the last. */
export class FiledBefore {
  readonly history = new FilingHistory();
  #size = 0;

  /** Brings it up to the first `size` entries. */
  async readTo(tiles: Tiles, size: number): Promise<void> {
    while (this.#size < size) {
      const bundle = Math.floor(this.#size / TILE_WIDTH);
      const leaves = await tiles.leaves(bundle);
      for (const leaf of leaves.slice(this.#size % TILE_WIDTH)) {
        this.#take(leaf);
        this.#size += 1;
      }
    }
  }

  /** The entry that was just appended, so that it need not be read back. */
  add(entry: LedgerEntry, index: number): void {
    if (index !== this.#size) return;
    this.history.add(entry, index);
    this.#size += 1;
  }

  /** Only to find what was filed: whether an entry holds is the audit's to say, which takes ten times as long. */
  #take(leaf: Uint8Array): void {
    try {
      const value = JSON.parse(Buffer.from(leaf).toString('utf8')) as { entry?: LedgerEntry };
      this.history.add(value.entry ?? (value as LedgerEntry), this.#size);
    } catch {
      // A damaged entry files nothing.
    }
  }
}
