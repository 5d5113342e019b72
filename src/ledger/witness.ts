import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { MeshSimError, messageOf } from '../base/errors.ts';
import { logKeyOf, parseCheckpoint, verifyCheckpoint } from '../signing/checkpoint.ts';
import { cosign } from '../signing/cosignature.ts';
import type { SigningKey } from '../signing/keys.ts';
import { auditTree, type LedgerAudit } from './audit.ts';
import { COSIGNED_FOLDER } from './cosigned.ts';
import type { Head } from './head.ts';
import { filesIn } from './ledgerFiles.ts';
import { withLock } from './lock.ts';
import { CHECKPOINT } from './tilePath.ts';
import { Tiles } from './tiles.ts';

export interface Witnessed {
  /** The checkpoint with the log's signature and the witness's. */
  readonly note: string;
  readonly size: number;
  readonly origin: string;
  /** Entries it had cosigned of this ledger before; undefined: none. */
  readonly before: number | undefined;
}

export interface WitnessOptions {
  /** The ledger's: checkpoint and tiles, or a copy of them. */
  readonly folder: string;
  readonly key: SigningKey;
  /** The witness's own: what it has cosigned, a file for each ledger. */
  readonly memory: string;
  /** ms since the Unix epoch. */
  readonly now: number;
}

/**
 * Cosigns the head of somebody's ledger: all of it fits its checkpoint, which the key that its origin spells has signed, and it
 * still has everything that this witness has cosigned of it before. That is remembered first: whoever shows it another history later
 * is refused.
 * @throws MeshSimError `ledger-broken` saying what does not fit, `signature-invalid`, `ledger-locked` while another is at it, `disk-failed`
 */
export async function witness(options: WitnessOptions): Promise<Witnessed> {
  const { memory } = options;
  await mkdir(memory, { recursive: true, mode: 0o700 });
  return withLock(memory, async (lock) => {
    for (;;) {
      const head = await readForeignHead(options.folder);
      const audit = await auditSince(head, options);
      // A fault counts only if the head it was found under is still the head: an append moves tiles.
      if (!audit.ok && (await readForeignHead(options.folder)).note !== head.note) continue;
      if (!audit.ok) {
        throw new MeshSimError('ledger-broken', `It is not cosigned. ${audit.problem ?? ''}`);
      }
      lock.assertHeld();
      await filesIn(memory).replace(nameIn(head.origin), Buffer.from(head.note));
      const time = Math.floor(options.now / 1_000);
      const { size, origin } = head;
      return { note: cosign(head.note, options.key, time), size, origin, before: audit.before };
    }
  });
}

/** The head as the key signed it that its origin spells. */
async function readForeignHead(folder: string): Promise<Head> {
  const bytes = await filesIn(folder).read(CHECKPOINT);
  if (bytes === undefined) {
    throw new MeshSimError('ledger-broken', `There is no ledger with a checkpoint in ${folder}.`);
  }
  const note = Buffer.from(bytes).toString('utf8');
  return { ...verifyCheckpoint(note, logKeyOf(parseCheckpoint(note).origin)), note };
}

async function auditSince(
  head: Head,
  { folder, memory }: WitnessOptions,
): Promise<LedgerAudit & { readonly before: number | undefined }> {
  const last = await filesIn(memory).read(nameIn(head.origin));
  const since = last === undefined ? undefined : Buffer.from(last).toString('utf8');
  const tiles = new Tiles(filesIn(folder), head.size);
  const audit = await auditTree(
    tiles,
    head,
    logKeyOf(head.origin),
    since === undefined ? {} : { since },
  );
  return { ...audit, before: since === undefined ? undefined : parseCheckpoint(since).size };
}

/** Of the file that remembers a ledger. */
function nameIn(origin: string): string {
  return createHash('sha256').update(origin).digest('hex').slice(0, 32);
}

/** Puts what was cosigned where the ledger's owner finds it. @throws MeshSimError `disk-failed` */
export async function fileCosigned(folder: string, key: SigningKey, note: string): Promise<string> {
  const name = path.posix.join(COSIGNED_FOLDER, key.publicKey.slice(0, 16));
  try {
    await filesIn(folder).replace(name, Buffer.from(note));
    return path.join(folder, name);
  } catch (error) {
    throw new MeshSimError(
      'disk-failed',
      `What was cosigned could not be put into ${folder} (${messageOf(error)}): give --output, and hand the file to the owner.`,
      { cause: error },
    );
  }
}
