import { MeshSimError, messageOf } from '../base/errors.ts';
import type { LedgerEntry, SignedEntry } from '../model/ledgerEntry.ts';
import type { Checkpoint } from '../signing/checkpoint.ts';
import { verifyCheckpoint } from '../signing/checkpoint.ts';
import { entryOfLeaf } from '../signing/ledgerLeaf.ts';
import { MerkleAccumulator, leafHash, merkleRoot } from '../signing/merkle.ts';
import type { SeenCheckpoint } from './cosigned.ts';
import { auditBody, type FindObject } from './auditBody.ts';
import { FilingHistory } from './filingHistory.ts';
import type { Head } from './head.ts';
import { TILE_WIDTH, hashesAtLevel, tilePath } from './tilePath.ts';
import type { Tiles } from './tiles.ts';

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

export interface AuditOptions {
  /** An earlier checkpoint of this ledger, such as one inside an exported .capsim. */
  readonly since?: string;
  /** What witnesses have cosigned of it. */
  readonly seen?: readonly SeenCheckpoint[];
  /** Finds bodies and manifests in objects/ by their digest; when given, every entry is held against its body too. */
  readonly body?: FindObject;
}

class Finding extends Error {
  readonly firstBroken: number | undefined;

  constructor(problem: string, firstBroken?: number) {
    super(problem);
    this.firstBroken = firstBroken;
  }
}

function isSame(left: Uint8Array, right: Uint8Array | undefined): boolean {
  return right !== undefined && Buffer.compare(left, right) === 0;
}

/** A checkpoint of some time ago, and what it is called in a sentence. */
interface Earlier {
  readonly checkpoint: Checkpoint;
  readonly name: string;
}

function readEarlier(note: string, name: string, head: Head, logPublicKey: string): Earlier {
  let checkpoint: Checkpoint;
  try {
    checkpoint = verifyCheckpoint(note, logPublicKey);
  } catch (error) {
    throw new Finding(`The ${name} cannot be used: ${messageOf(error)}`);
  }
  if (checkpoint.origin !== head.origin) {
    throw new Finding(`The ${name} is of another ledger, "${checkpoint.origin}".`);
  }
  if (checkpoint.size > head.size) {
    throw new Finding(
      `The ledger was truncated: the ${name} covers ${checkpoint.size} entries, and ${head.size} are left.`,
      head.size,
    );
  }
  return { checkpoint, name };
}

/** All that others have seen of the ledger. */
function earlierOnes(
  head: Head,
  logPublicKey: string,
  { since, seen = [] }: AuditOptions,
): Earlier[] {
  const given =
    since === undefined ? [] : [readEarlier(since, 'earlier checkpoint', head, logPublicKey)];
  const cosigned = seen.map((one) => {
    const name = `cosigned checkpoint ${one.name}`;
    if ('problem' in one) throw new Finding(`The ${name} cannot be used: ${one.problem}`);
    return readEarlier(one.checkpoint, name, head, logPublicKey);
  });
  return [...given, ...cosigned];
}

async function leavesFrom(tiles: Tiles, bundle: number): Promise<Uint8Array[]> {
  try {
    return await tiles.leaves(bundle);
  } catch (error) {
    if (!(error instanceof MeshSimError)) throw error;
    throw new Finding(error.message, bundle * TILE_WIDTH);
  }
}

/** Reads leaves in their order, and knows of each what came before it. */
class EntryReader {
  readonly #history = new FilingHistory();
  readonly #origin: string;
  readonly #find: AuditOptions['body'];

  constructor(origin: string, find: AuditOptions['body']) {
    this.#origin = origin;
    this.#find = find;
  }

  async check(leaf: Uint8Array, expected: Uint8Array | undefined, index: number): Promise<void> {
    if (!isSame(leafHash(leaf), expected)) {
      throw new Finding(
        `Entry ${index} was altered, moved or exchanged: the tree has another hash there.`,
        index,
      );
    }
    const entry = this.#entryOf(leaf, index);
    const problem = this.#history.problemWith(entry);
    if (problem !== undefined) {
      throw new Finding(`Entry ${index} may not be there: ${problem}.`, index);
    }
    if ('body' in entry) await this.#checkBody(entry, index);
    this.#history.add(entry, index);
  }

  #entryOf(leaf: Uint8Array, index: number): LedgerEntry {
    try {
      return entryOfLeaf(leaf);
    } catch (error) {
      throw new Finding(`Entry ${index} is not a ledger entry: ${messageOf(error)}`, index);
    }
  }

  async #checkBody(entry: SignedEntry, index: number): Promise<void> {
    if (this.#find === undefined) return;
    try {
      await auditBody({ entry, index }, this.#find, this.#history, this.#origin);
    } catch (error) {
      throw new Finding(
        `The signed body of entry ${index} is not valid: ${messageOf(error)}`,
        index,
      );
    }
  }
}

/** Every full tile must be summed up by its hash in the level above. */
async function checkUpperLevels(tiles: Tiles, size: number): Promise<void> {
  for (let level = 1; hashesAtLevel(size, level) > 0; level += 1) {
    for (let index = 0; index < hashesAtLevel(size, level); index += 1) {
      const above = await tiles.row(level, Math.floor(index / TILE_WIDTH));
      if (!isSame(merkleRoot(await tiles.row(level - 1, index)), above[index % TILE_WIDTH])) {
        throw new Finding(
          `The link from ${tilePath(level - 1, index)} to ${tilePath(level, Math.floor(index / TILE_WIDTH))} is broken.`,
          index * TILE_WIDTH ** level,
        );
      }
    }
  }
}

function checkRoot(tree: MerkleAccumulator, checkpoint: Checkpoint, name: string): void {
  if (tree.size !== checkpoint.size || isSame(tree.root(), checkpoint.root)) return;
  throw new Finding(
    `The ledger was rewritten or forked: its first ${checkpoint.size} entries are not those that ${name} covers.`,
  );
}

async function examine(
  tiles: Tiles,
  head: Head,
  logPublicKey: string,
  options: AuditOptions,
): Promise<void> {
  const earlier = earlierOnes(head, logPublicKey, options);
  const checkEarlier = () => {
    for (const { checkpoint, name } of earlier) checkRoot(tree, checkpoint, `the ${name}`);
  };
  const tree = new MerkleAccumulator();
  const entries = new EntryReader(head.origin, options.body);
  checkEarlier();
  for (let bundle = 0; bundle * TILE_WIDTH < head.size; bundle += 1) {
    const hashes = await tiles.row(0, bundle);
    for (const [at, leaf] of (await leavesFrom(tiles, bundle)).entries()) {
      await entries.check(leaf, hashes[at], bundle * TILE_WIDTH + at);
      tree.add(leafHash(leaf));
      checkEarlier();
    }
  }
  checkRoot(tree, head, 'its signed checkpoint');
  await checkUpperLevels(tiles, head.size);
}

/** Checks everything a head covers. Returns what is wrong, and throws only for what is no finding, such as a read error. */
export async function auditTree(
  tiles: Tiles,
  head: Head,
  logPublicKey: string,
  options: AuditOptions,
): Promise<LedgerAudit> {
  const facts = {
    size: head.size,
    origin: head.origin,
    rootHash: Buffer.from(head.root).toString('hex'),
  };
  try {
    await examine(tiles, head, logPublicKey, options);
    return { ok: true, ...facts };
  } catch (error) {
    if (error instanceof Finding) {
      const { message: problem, firstBroken } = error;
      return {
        ok: false,
        ...facts,
        problem,
        ...(firstBroken === undefined ? {} : { firstBroken }),
      };
    }
    if (error instanceof MeshSimError && error.code === 'ledger-broken') {
      return { ok: false, ...facts, problem: error.message };
    }
    throw error;
  }
}
