import { randomUUID } from 'node:crypto';
import { mkdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { Low, type Adapter } from 'lowdb';
import * as z from 'zod/mini';
import { diskFailure, isReadOnly } from '../base/diskFailure.ts';
import { readRegularText, writeAfresh } from '../base/regularFile.ts';
import type { LedgerEntry } from '../model/ledgerEntry.ts';
import { sha256Hex } from '../signing/digest.ts';
import type { AppendedEntry, LedgerReader } from './ledger.ts';

const rowSchema = z.strictObject({
  index: z.int().check(z.minimum(0)),
  kind: z.enum(['pack', 'sim-started', 'sim-result', 'gate-decision', 'deploy']),
  at: z.string(),
  capsuleHash: z.string(),
  simId: z.optional(z.string()),
  leafHash: z.string(),
});

const contentSchema = z.strictObject({
  version: z.literal(2),
  rows: z.array(rowSchema),
  /** Of the rows: damage is found without reading the whole ledger. */
  digest: z.string(),
});

export type IndexRow = z.infer<typeof rowSchema>;
type IndexContent = z.infer<typeof contentSchema>;

function contentOf(rows: IndexRow[]): IndexContent {
  return { version: 2, rows, digest: digestOf(rows) };
}

function digestOf(rows: readonly IndexRow[]): string {
  return sha256Hex(Buffer.from(JSON.stringify(rows)));
}

function rowOf({ index, entry, leafHash }: AppendedEntry): IndexRow {
  const { kind, at, capsuleHash } = entry;
  return {
    index,
    kind,
    at,
    capsuleHash,
    ...('simId' in entry ? { simId: entry.simId } : {}),
    leafHash,
  };
}

/** Look-ups over a ledger, kept in one JSON file that can be deleted at any time: it is rebuilt from the ledger. */
export class LedgerIndex {
  readonly #db: Low<IndexContent>;
  readonly #ledger: LedgerReader;

  private constructor(db: Low<IndexContent>, ledger: LedgerReader) {
    this.#db = db;
    this.#ledger = ledger;
  }

  /** Opens and brings up to date. A missing, damaged or foreign file is rebuilt. */
  static async open(file: string, ledger: LedgerReader): Promise<LedgerIndex> {
    const db = new Low<IndexContent>(adapterFor(file), contentOf([]));
    await readOrForget(db);
    const index = new LedgerIndex(db, ledger);
    await index.refresh();
    return index;
  }

  /** Takes in what was appended since, by whichever process. Throws `disk-failed` when the file cannot be written. */
  async refresh(): Promise<void> {
    const rows = this.#db.data.rows;
    // The last known row is read again: if it is not where it was, the file belongs to another ledger.
    const from = Math.max(0, rows.length - 1);
    const fresh = (await this.#ledger.entries(from)).map(rowOf);
    const last = rows.at(-1);
    if (last !== undefined && fresh[0]?.leafHash !== last.leafHash) {
      return this.#replace((await this.#ledger.entries()).map(rowOf));
    }
    if (rows.length + fresh.length === 0 || fresh.length === Math.min(1, rows.length)) return;
    return this.#replace([...rows.slice(0, from), ...fresh]);
  }

  async #replace(rows: IndexRow[]): Promise<void> {
    this.#db.data = contentOf(rows);
    try {
      await this.#db.write();
    } catch (error) {
      // What is read here is read in memory: no index can be kept on a disk that is read only.
      if (isReadOnly(error)) return;
      throw diskFailure('The ledger is intact, but its index cannot be written', error);
    }
  }

  /** Oldest first. */
  rows(): readonly IndexRow[] {
    return this.#db.data.rows;
  }

  /** Distinct hashes of packed Capsules that begin with the prefix, the newest pack first. */
  capsuleHashes(prefix: string): string[] {
    const packs = this.#db.data.rows.filter((row) => row.kind === 'pack').reverse();
    const hashes = packs.map((row) => row.capsuleHash);
    return [...new Set(hashes.filter((hash) => hash.startsWith(prefix)))];
  }

  /** Rows of one Capsule, oldest first. */
  rowsOfCapsule(capsuleHash: string, kind?: LedgerEntry['kind']): IndexRow[] {
    return this.#db.data.rows.filter(
      (row) => row.capsuleHash === capsuleHash && (kind === undefined || row.kind === kind),
    );
  }

  /** Rows of one run, oldest first. */
  rowsOfRun(simId: string): IndexRow[] {
    return this.#db.data.rows.filter((row) => row.simId === simId);
  }
}

/** Replaces the file in one step. Nothing is flushed: what a power cut leaves is checked, and rebuilt. */
function adapterFor(file: string): Adapter<IndexContent> {
  return {
    read: async () => JSON.parse(await readRegularText(file)) as IndexContent,
    write: async (content) => {
      const temporary = `${file}.${randomUUID()}.tmp`;
      await mkdir(path.dirname(file), { recursive: true });
      try {
        await writeAfresh(temporary, JSON.stringify(content, null, 2));
        await rename(temporary, file);
      } catch (error) {
        await rm(temporary, { force: true }).catch(() => undefined);
        throw error;
      }
    },
  };
}

async function readOrForget(db: Low<IndexContent>): Promise<void> {
  try {
    await db.read();
    const { rows, digest } = contentSchema.parse(db.data);
    const isGapless = rows.every((row, at) => row.index === at);
    if (!isGapless || digest !== digestOf(db.data.rows)) db.data = contentOf([]);
  } catch {
    db.data = contentOf([]);
  }
}
