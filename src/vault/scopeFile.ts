import { randomUUID } from 'node:crypto';
import { readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { MeshSimError, messageOf, systemCode } from '../base/errors.ts';
import { openRegular, readRegular } from '../base/regularFile.ts';
import { syncFolder } from '../base/syncFolder.ts';
import { contentOf, contentText, isScopeName, type ScopeContent } from './scopeContent.ts';

/**
 * log2 of scrypt's N, with r = 8 and p = 1: 128 MiB and about half a second on a slow core. OWASP's password storage
 * cheat sheet names it as the least for scrypt; a run opens its scope once.
 */
export const SCRYPT_WORK_FACTOR = 17;

const SUFFIX = '.age';
const TEMPORARY = '.tmp';

export interface ScopeFile {
  readonly file: string;
  readonly scope: string;
  readonly passphrase: string;
}

export function scopeFileIn(folder: string, scope: string): string {
  return path.join(folder, `${scope}${SUFFIX}`);
}

/** Names of the scopes that have a file; whatever else lies there is nobody's scope. */
export async function scopesIn(folder: string): Promise<string[]> {
  const names = await namesIn(folder);
  return names
    .filter((name) => name.endsWith(SUFFIX))
    .map((name) => name.slice(0, -SUFFIX.length))
    .filter(isScopeName)
    .sort();
}

/** Loaded on first need: most commands never open a vault, and its curves and ciphers are large. */
function loadAge() {
  return import('age-encryption');
}

/** Undefined when there is none. @throws MeshSimError `vault-damaged` when it cannot be read */
export async function readScopeFile(file: string): Promise<Buffer | undefined> {
  try {
    return await readRegular(file);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw new MeshSimError(
      'vault-damaged',
      `The vault file ${file} cannot be read (${messageOf(error)}): check its owner and mode.`,
      { cause: error },
    );
  }
}

/** @throws MeshSimError `vault-locked` for a wrong passphrase, `vault-damaged` */
export async function decryptScope(
  bytes: Uint8Array,
  { file, scope, passphrase }: ScopeFile,
): Promise<ScopeContent> {
  const { Decrypter } = await loadAge();
  const decrypter = new Decrypter();
  decrypter.addPassphrase(passphrase);
  const text = await decrypter.decrypt(bytes, 'text').catch((error: unknown) => {
    throw isWrongPassphrase(error) ? wrongPassphrase(scope, file) : damaged(file, error);
  });
  const content = contentOf(scope, text);
  if (content === undefined) {
    throw damaged(file, new Error(`it does not hold the scope "${scope}"`));
  }
  return content;
}

/** The library has no error codes; this sentence is what no matching key leads to. */
function isWrongPassphrase(error: unknown): boolean {
  return messageOf(error) === "no identity matched any of the file's recipients";
}

function wrongPassphrase(scope: string, file: string): MeshSimError {
  return new MeshSimError(
    'vault-locked',
    `The passphrase does not open the vault scope "${scope}" (${file}).`,
  );
}

function damaged(file: string, error: unknown): MeshSimError {
  return new MeshSimError(
    'vault-damaged',
    `The vault file ${file} is damaged (${messageOf(error)}): restore it from a backup, or delete it and set its secrets again.`,
    { cause: error },
  );
}

export async function encryptScope(
  content: ScopeContent,
  { scope, passphrase }: ScopeFile,
  workFactor: number,
): Promise<Uint8Array> {
  const { Encrypter } = await loadAge();
  const encrypter = new Encrypter();
  encrypter.setScryptWorkFactor(workFactor);
  encrypter.setPassphrase(passphrase);
  return encrypter.encrypt(contentText(scope, content));
}

/**
 * Puts the new file in the place of the old one in one step; a crash or a full disk leaves the old one. `mayReplace` is
 * asked last and may throw.
 * @throws MeshSimError `disk-failed`
 */
export async function replaceScopeFile(
  file: string,
  bytes: Uint8Array,
  mayReplace: () => void,
): Promise<void> {
  const temporary = `${file}.${randomUUID()}${TEMPORARY}`;
  try {
    await writePrivately(temporary, bytes);
    mayReplace();
    await rename(temporary, file);
    await syncFolder(path.dirname(file));
  } catch (error) {
    await rm(temporary, { force: true });
    if (error instanceof MeshSimError) throw error;
    throw new MeshSimError(
      'disk-failed',
      `The vault file ${file} could not be written (${systemCode(error) ?? messageOf(error)}); it is as it was.`,
      { cause: error },
    );
  }
}

/** Removes what a killed process left behind. Only to be called while nobody else writes. */
export async function removeUnfinished(folder: string): Promise<void> {
  const unfinished = (await namesIn(folder)).filter((name) => name.endsWith(TEMPORARY));
  for (const name of unfinished) await rm(path.join(folder, name), { force: true });
}

async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT') return [];
    throw error;
  });
}

async function writePrivately(file: string, bytes: Uint8Array): Promise<void> {
  const handle = await openRegular(file, 'wx', 0o600);
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
}
