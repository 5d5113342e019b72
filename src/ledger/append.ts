import { diskFailure } from '../base/diskFailure.ts';
import { MeshSimError } from '../base/errors.ts';
import { signCheckpoint } from '../signing/checkpoint.ts';
import type { SigningKey } from '../signing/keys.ts';
import { readHead } from './head.ts';
import type { Head } from './head.ts';
import type { LedgerFiles } from './ledgerFiles.ts';
import type { HeldLock } from './lock.ts';
import { growBy, readEdge } from './rightEdge.ts';
import type { Growth, RightEdge } from './rightEdge.ts';
import { CHECKPOINT } from './tilePath.ts';
import { Tiles } from './tiles.ts';

/** A head and all that is needed to append to it. */
export interface Tip {
  readonly head: Head;
  readonly edge: RightEdge;
}

function broken(problem: string): never {
  throw new MeshSimError(
    'ledger-broken',
    `${problem}; run "mesh-sim ledger verify" to find out where.`,
  );
}

/** The stored tip, verified; `known` is what this process saw last and saves reading the same again. */
export async function readTip(
  files: LedgerFiles,
  logPublicKey: string,
  known: Tip | undefined,
): Promise<Tip> {
  const head = await readHead(files, logPublicKey, known?.head);
  if (head === known?.head) return known;
  if (known !== undefined && (head.origin !== known.head.origin || head.size < known.head.size)) {
    broken(`The ledger went back from ${known.head.size} to ${head.size} entries`);
  }
  const edge = await readEdge(new Tiles(files, head.size), head.size);
  if (Buffer.compare(edge.tree.root(), head.root) !== 0) {
    broken('The ledger does not add up to its signed checkpoint');
  }
  return { head, edge };
}

async function writeGrowth(files: LedgerFiles, growth: Growth): Promise<void> {
  try {
    await Promise.all(growth.files.map(({ name, bytes }) => files.create(name, bytes)));
  } catch (error) {
    // No checkpoint covers these yet; the next append would overwrite them, but a full disk wants the room now.
    await Promise.allSettled(growth.files.map(({ name }) => files.remove(name)));
    throw error;
  }
}

/**
 * Appends leaves, at least one, to a tip, under the lock. The new checkpoint covers all and is durable last, so a crash leaves the old
 * or the new.
 */
export async function appendLeaves(
  files: LedgerFiles,
  logKey: SigningKey,
  tip: Tip,
  leaves: readonly Uint8Array[],
  lock: HeldLock,
): Promise<Tip> {
  const growth = growBy(tip.edge, leaves);
  const { origin } = tip.head;
  const checkpoint = { origin, size: growth.edge.size, root: growth.edge.tree.root() };
  const note = signCheckpoint(checkpoint, logKey);
  try {
    await writeGrowth(files, growth);
    lock.assertHeld();
    await files.replace(CHECKPOINT, Buffer.from(note));
  } catch (error) {
    throw diskFailure('The ledger is as it was before: its next entry could not be written', error);
  }
  // Readers that still hold the old head find out, and read the new one. What cannot be removed does no harm.
  await Promise.allSettled(growth.obsolete.map((name) => files.remove(name)));
  return { head: { ...checkpoint, note }, edge: growth.edge };
}
