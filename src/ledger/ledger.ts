import { MeshSimError } from '../base/errors.ts';
import type { LedgerEntry } from '../model/ledgerEntry.ts';
import type { InclusionProof } from '../signing/inclusionProof.ts';
import type { SigningKey } from '../signing/keys.ts';
import type { LedgerAudit } from './audit.ts';

export interface AppendedEntry {
  readonly index: number;
  /** RFC 6962 leaf hash, 64 hex digits. */
  readonly leafHash: string;
  readonly entry: LedgerEntry;
}

export interface AuditOptions {
  /** An earlier checkpoint of this ledger, such as one inside an exported .capsim. */
  readonly since?: string;
}

function pending(): never {
  throw new MeshSimError('internal', 'The ledger is not there yet.');
}

export class Ledger {
  /** Opens the ledger in a folder; creates an empty one, with a signed checkpoint of size 0, when there is none. */
  static open(_folder: string, _logKey: SigningKey): Promise<Ledger> {
    return pending();
  }

  append(_entry: LedgerEntry): Promise<AppendedEntry> {
    return pending();
  }

  entries(): Promise<AppendedEntry[]> {
    return pending();
  }

  size(): Promise<number> {
    return pending();
  }

  /** The newest checkpoint, a signed note. */
  checkpoint(): Promise<string> {
    return pending();
  }

  /** Proves that the newest checkpoint covers an entry. */
  prove(_index: number): Promise<InclusionProof> {
    return pending();
  }

  verify(_options: AuditOptions = {}): Promise<LedgerAudit> {
    return pending();
  }
}
