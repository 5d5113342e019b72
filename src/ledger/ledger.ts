import { mkdir } from 'node:fs/promises';
import { diskFailure } from '../base/diskFailure.ts';
import { MeshSimError } from '../base/errors.ts';
import type { LedgerEntry, UnsignedEntry } from '../model/ledgerEntry.ts';
import { FiledEntry } from '../signing/filing.ts';
import type { InclusionProof } from '../signing/inclusionProof.ts';
import type { SigningKey } from '../signing/keys.ts';
import { entryOfLeaf, leafBytes } from '../signing/ledgerLeaf.ts';
import { leafHash } from '../signing/merkle.ts';
import { appendLeaves, readTip } from './append.ts';
import type { Tip } from './append.ts';
import { AppendQueue, type Awaited } from './appendQueue.ts';
import { auditTree } from './audit.ts';
import { cosignedIn } from './cosigned.ts';
import type { AuditOptions, LedgerAudit } from './audit.ts';
import { FiledBefore } from './filedBefore.ts';
import { createHead, readHead } from './head.ts';
import type { Head } from './head.ts';
import { filesIn } from './ledgerFiles.ts';
import type { LedgerFiles } from './ledgerFiles.ts';
import { withLock, type HeldLock } from './lock.ts';
import { CHECKPOINT, TILE_WIDTH } from './tilePath.ts';
import { TileMissing, Tiles } from './tiles.ts';
import { consistencyPath, inclusionPath } from './treeProof.ts';

export interface AppendedEntry {
  readonly index: number;
  /** RFC 6962 leaf hash, 64 hex digits. */
  readonly leafHash: string;
  readonly entry: LedgerEntry;
}

/** A ledger for those who must leave it as it is. */
export type LedgerReader = Omit<Ledger, 'append'>;

/** How often a reader starts over when an appending process replaced the tiles under it. */
const READ_TRIES = 20;

/**
 * An append-only log of provenance entries as C2SP tiles under RFC 6962 hashing, with a signed checkpoint. Whatever the
 * checkpoint covers is never written again, so neither a crash nor a second process can harm it.
 */
export class Ledger {
  readonly #folder: string;
  readonly #files: LedgerFiles;
  readonly #key: SigningKey;
  #tip: Tip | undefined;
  /** The last head this process verified: the same text need not be verified again. */
  #head: Head | undefined;
  #filed = new FiledBefore();
  readonly #queue = new AppendQueue((entries) => this.#appendTogether(entries));

  private constructor(folder: string, files: LedgerFiles, key: SigningKey) {
    this.#folder = folder;
    this.#files = files;
    this.#key = key;
  }

  /**
   * Opens the ledger in a folder without writing anything.
   * Throws `ledger-broken` as `open`, also when there is none.
   */
  static async read(folder: string, logKey: SigningKey): Promise<LedgerReader> {
    const ledger = new Ledger(folder, filesIn(folder), logKey);
    await ledger.#readHead();
    return ledger;
  }

  /**
   * Opens the ledger in a folder; creates an empty one, with a signed checkpoint of size 0, when there is none.
   * Throws `ledger-broken` when its checkpoint is missing, malformed or signed by another key, `disk-failed`.
   */
  static async open(
    folder: string,
    logKey: SigningKey,
    files: LedgerFiles = filesIn(folder),
  ): Promise<Ledger> {
    const ledger = new Ledger(folder, files, logKey);
    if ((await files.read(CHECKPOINT)) === undefined) await ledger.#create();
    await ledger.#readHead();
    return ledger;
  }

  async #create(): Promise<void> {
    try {
      await mkdir(this.#folder, { recursive: true });
    } catch (error) {
      throw diskFailure(`The ledger ${this.#folder} cannot be created`, error);
    }
    await withLock(this.#folder, async () => {
      if ((await this.#files.read(CHECKPOINT)) !== undefined) return;
      // Entries without a checkpoint are a ledger that lost it; a new one would hide that.
      if (await this.#files.exists('tile')) await this.#readHead();
      await createHead(this.#files, this.#key);
    });
  }

  /**
   * Appends one entry; when this resolves it is on disk. Appends of all processes are serialised; those that one process has at the
   * same time are made durable together. What stands for a signed body was made from that body, and is refused where the ledger has
   * it already or lacks what it rests on.
   * Throws `ledger-refused`, `ledger-locked`, `ledger-broken`, or `disk-failed` with the ledger as it was.
   */
  append(filed: UnsignedEntry | FiledEntry): Promise<AppendedEntry> {
    return new Promise((resolve, reject) => {
      const entry = filed instanceof FiledEntry ? filed.entry : filed;
      this.#queue.add({ filed, entry, leaf: leafBytes(entry), resolve, reject });
    });
  }

  /** Never rejects: each is told what became of it. */
  async #appendTogether(entries: readonly Awaited[]): Promise<void> {
    try {
      const settle = await withLock(this.#folder, (lock) => this.#appendUnder(lock, entries));
      for (const one of settle) one();
    } catch (error) {
      // It may know entries that are not there after all.
      this.#filed = new FiledBefore();
      for (const { reject } of entries) reject(error);
    }
  }

  /** Resolves to what tells each of them. */
  async #appendUnder(lock: HeldLock, entries: readonly Awaited[]): Promise<(() => void)[]> {
    const tip = await readTip(this.#files, this.#key.publicKey, this.#tip);
    const { head } = tip;
    await this.#filed.readTo(new Tiles(this.#files, head.size), head.size);
    const leaves: Uint8Array[] = [];
    const settle = entries.map(({ filed, entry, leaf, resolve, reject }) => {
      const index = head.size + leaves.length;
      const refusal = this.#refusal(filed, { origin: head.origin, size: index });
      if (refusal !== undefined) return () => reject(refusal);
      this.#filed.add(entry, index);
      leaves.push(leaf);
      return () => resolve({ index, leafHash: hexLeafHash(leaf), entry });
    });
    if (leaves.length > 0) {
      this.#tip = await appendLeaves(this.#files, this.#key, tip, leaves, lock);
    }
    return settle;
  }

  /** Undefined: it may be the next one. */
  #refusal(
    filed: UnsignedEntry | FiledEntry,
    next: Pick<Head, 'origin' | 'size'>,
  ): MeshSimError | undefined {
    const { history } = this.#filed;
    const problem =
      filed instanceof FiledEntry
        ? history.problemWithNext(filed, next)
        : history.problemWith(filed);
    return problem === undefined
      ? undefined
      : new MeshSimError(
          'ledger-refused',
          `The ledger does not take this entry: ${problem.replace(/\.$/, '')}.`,
        );
  }

  /** All entries from index `from` on, in order. */
  entries(from = 0): Promise<AppendedEntry[]> {
    return this.#reading(async (tiles, head) => {
      const found: AppendedEntry[] = [];
      const firstBundle = Math.floor(from / TILE_WIDTH);
      for (let bundle = firstBundle; bundle * TILE_WIDTH < head.size; bundle += 1) {
        const first = bundle * TILE_WIDTH;
        for (const [at, leaf] of (await tiles.leaves(bundle)).entries()) {
          if (first + at < from) continue;
          const index = first + at;
          found.push({ index, leafHash: hexLeafHash(leaf), entry: entryAt(index, leaf) });
        }
      }
      return found;
    });
  }

  size(): Promise<number> {
    return this.#reading((_tiles, head) => Promise.resolve(head.size));
  }

  /** The ledger's name, which spells out its key. Statements are signed for one ledger. */
  origin(): Promise<string> {
    return this.#reading((_tiles, head) => Promise.resolve(head.origin));
  }

  /** The newest checkpoint, a signed note. */
  checkpoint(): Promise<string> {
    return this.#reading((_tiles, head) => Promise.resolve(head.note));
  }

  /** Proves that the newest checkpoint covers an entry. Throws `usage` when there is no such entry. */
  prove(index: number): Promise<InclusionProof> {
    return this.#reading(async (tiles, head) => {
      if (!Number.isSafeInteger(index) || index < 0 || index >= head.size) {
        throw new MeshSimError(
          'usage',
          `The ledger has ${head.size} entries and no entry ${index}.`,
        );
      }
      const leaves = await tiles.leaves(Math.floor(index / TILE_WIDTH));
      return {
        index,
        treeSize: head.size,
        leaf: leaves[index % TILE_WIDTH] ?? new Uint8Array(),
        hashes: await inclusionPath(tiles, index, head.size),
        rootHash: head.root,
        checkpoint: head.note,
      };
    });
  }

  /** Proves that the tree of the first `size` entries is a prefix of the newest one: RFC 6962 section 2.1.2. */
  proveConsistency(size: number): Promise<Uint8Array[]> {
    return this.#reading(async (tiles, head) => {
      if (!Number.isSafeInteger(size) || size < 0 || size > head.size) {
        throw new MeshSimError('usage', `The ledger has ${head.size} entries, not ${size}.`);
      }
      return size === 0 || size === head.size ? [] : consistencyPath(tiles, size, head.size);
    });
  }

  /** Reads and checks everything, against an earlier checkpoint too if one is given. */
  async verify(options: AuditOptions = {}): Promise<LedgerAudit> {
    for (;;) {
      const head = await this.#readHead();
      const tiles = new Tiles(this.#files, head.size);
      const seen = await cosignedIn(this.#folder);
      const audit = await auditTree(tiles, head, this.#key.publicKey, { seen, ...options });
      // A fault counts only if the head it was found under is still the head: an append moves tiles.
      if (audit.ok || (await this.checkpoint()) === head.note) return audit;
    }
  }

  async #readHead(): Promise<Head> {
    this.#head = await readHead(this.#files, this.#key.publicKey, this.#head);
    return this.#head;
  }

  async #reading<T>(work: (tiles: Tiles, head: Head) => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries += 1) {
      const head = await this.#readHead();
      try {
        return await work(new Tiles(this.#files, head.size), head);
      } catch (error) {
        if (!(error instanceof TileMissing) || tries === READ_TRIES) throw error;
        if ((await this.#readHead()).note === head.note) throw error;
      }
    }
  }
}

/** @throws MeshSimError `ledger-broken` naming the entry */
function entryAt(index: number, leaf: Uint8Array): LedgerEntry {
  try {
    return entryOfLeaf(leaf);
  } catch (error) {
    throw new MeshSimError(
      'ledger-broken',
      `Ledger entry ${index} is damaged, so nothing that rests on it can be used: run "mesh-sim ledger verify".`,
      { cause: error },
    );
  }
}

function hexLeafHash(leaf: Uint8Array): string {
  return Buffer.from(leafHash(leaf)).toString('hex');
}
