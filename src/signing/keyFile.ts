import { randomUUID } from 'node:crypto';
import { link, mkdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { MeshSimError, messageOf, systemCode } from '../base/errors.ts';
import { openRegular, readRegularText } from '../base/regularFile.ts';
import type { SigningKey } from './keys.ts';
import { newKeyPem, signingKeyFromPem } from './keys.ts';

const READABLE_BY_OTHERS = 0o077;

async function assertPrivate(file: string): Promise<void> {
  if (process.platform === 'win32') return;
  const { mode } = await stat(file);
  if ((mode & READABLE_BY_OTHERS) !== 0) {
    throw new MeshSimError(
      'key-exposed',
      `Others on this machine can read the private key ${file}; run "chmod 600" on it, and replace it if it was shared.`,
    );
  }
}

/** Undefined when there is no such file. Throws `key-unreadable`, `key-exposed` or `key-invalid`. */
export async function loadKey(file: string): Promise<SigningKey | undefined> {
  try {
    await assertPrivate(file);
    return signingKeyFromPem(await readRegularText(file), file);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    if (error instanceof MeshSimError) throw error;
    throw new MeshSimError(
      'key-unreadable',
      `The key file ${file} cannot be read (${messageOf(error)}); check its owner and mode.`,
      { cause: error },
    );
  }
}

async function writeDurably(file: string, text: string): Promise<void> {
  const handle = await openRegular(file, 'wx', 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

export interface KeyCreation {
  /** Called with a new key before its file appears, so that no crash leaves a key the product does not trust. */
  readonly enrol?: (key: SigningKey) => Promise<void>;
}

async function createKey(file: string, creation: KeyCreation): Promise<void> {
  const pem = newKeyPem();
  const temporary = `${file}.${randomUUID()}.tmp`;
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  try {
    await writeDurably(temporary, pem);
    await creation.enrol?.(signingKeyFromPem(pem, temporary));
    // link() fails if the file exists: of two processes that create at once, one wins and both then read its key.
    await link(temporary, file).catch((error: unknown) => {
      if (systemCode(error) !== 'EEXIST') throw error;
    });
  } finally {
    await rm(temporary, { force: true });
  }
}

/**
 * The Ed25519 key in a PKCS#8 PEM file of mode 0600, created when there is none.
 * Throws `key-unreadable`, `key-exposed`, `key-invalid`, or `disk-failed` when it cannot be created.
 */
export async function loadOrCreateKey(
  file: string,
  creation: KeyCreation = {},
): Promise<SigningKey> {
  const existing = await loadKey(file);
  if (existing !== undefined) return existing;
  try {
    await createKey(file, creation);
  } catch (error) {
    if (error instanceof MeshSimError) throw error;
    throw new MeshSimError(
      'disk-failed',
      `The key file ${file} cannot be created (${systemCode(error) ?? messageOf(error)}).`,
      { cause: error },
    );
  }
  const created = await loadKey(file);
  if (created !== undefined) return created;
  throw new MeshSimError(
    'key-unreadable',
    `The key file ${file} disappeared while it was created.`,
  );
}
