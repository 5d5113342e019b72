import { MeshSimError } from '../base/errors.ts';
import type { LedgerEntry } from '../model/ledgerEntry.ts';
import type { Ledger } from './ledger.ts';

export interface IndexRow {
  readonly index: number;
  readonly kind: LedgerEntry['kind'];
  readonly at: string;
  readonly capsuleHash: string;
  readonly simId?: string;
}

function pending(): never {
  throw new MeshSimError('internal', 'The ledger index is not there yet.');
}

/** Look-ups over a ledger, kept in one JSON file that can be deleted at any time: it is rebuilt from the ledger. */
export class LedgerIndex {
  /** Opens and brings up to date. A missing, garbled or foreign file is rebuilt. */
  static open(_file: string, _ledger: Ledger): Promise<LedgerIndex> {
    return pending();
  }

  /** Takes in what was appended since, by whichever process. */
  refresh(): Promise<void> {
    return pending();
  }

  rows(): readonly IndexRow[] {
    return pending();
  }

  /** Distinct hashes of packed Capsules that begin with the prefix. */
  capsuleHashes(_prefix: string): string[] {
    return pending();
  }

  /** Rows of one run, oldest first. */
  rowsOfRun(_simId: string): IndexRow[] {
    return pending();
  }
}
