/** What an audit found. When `ok` is false, `problem` is one sentence and `firstBroken` the first entry it can name. */
export interface LedgerAudit {
  readonly ok: boolean;
  readonly size: number;
  readonly origin: string;
  /** Root of the newest checkpoint, 64 hex digits. */
  readonly rootHash: string;
  readonly problem?: string;
  readonly firstBroken?: number;
}
