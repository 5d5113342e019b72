import { randomBytes } from 'node:crypto';
import { MeshSimError, messageOf } from '../base/errors.ts';
import type { Checkpoint } from '../signing/checkpoint.ts';
import { originOf, signCheckpoint, verifyCheckpoint } from '../signing/checkpoint.ts';
import type { SigningKey } from '../signing/keys.ts';
import { merkleRoot } from '../signing/merkle.ts';
import type { LedgerFiles } from './ledgerFiles.ts';
import { CHECKPOINT } from './tilePath.ts';

/** A checkpoint and the note it was read from. */
export interface Head extends Checkpoint {
  readonly note: string;
}

/**
 * What a ledger commits to at present; `known` is a verified head, and is returned if it still is the head.
 * Throws `ledger-broken` when the checkpoint is missing or not ours.
 */
export async function readHead(
  files: LedgerFiles,
  logPublicKey: string,
  known?: Head,
): Promise<Head> {
  const bytes = await files.read(CHECKPOINT);
  if (bytes === undefined) {
    throw new MeshSimError(
      'ledger-broken',
      'The ledger has entries but no checkpoint: restore the folder from a backup.',
    );
  }
  const note = Buffer.from(bytes).toString('utf8');
  if (note === known?.note) return known;
  try {
    return { ...verifyCheckpoint(note, logPublicKey), note };
  } catch (error) {
    throw new MeshSimError(
      'ledger-broken',
      `The ledger's checkpoint is not valid: ${messageOf(error)} If the ledger key was replaced, restore it.`,
      { cause: error },
    );
  }
}

/** The first checkpoint of a new ledger. Its origin is drawn at random: two ledgers with one name would be a fork. */
export async function createHead(files: LedgerFiles, logKey: SigningKey): Promise<void> {
  const origin = originOf(logKey.publicKey, randomBytes(8).toString('hex'));
  const note = signCheckpoint({ origin, size: 0, root: merkleRoot([]) }, logKey);
  await files.replace(CHECKPOINT, Buffer.from(note));
}
