import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { MeshSimError, messageOf, systemCode } from '../base/errors.ts';
import { openRegular, readRegularText } from '../base/regularFile.ts';
import type { AllowedSigner } from './allowedSigners.ts';
import { parseAllowedSigners, readAllowedSignersText, refusedSentences } from './allowedSigners.ts';
import { loadKey, loadOrCreateKey } from './keyFile.ts';
import type { SigningKey } from './keys.ts';
import type { SignerNamespace } from './publicKey.ts';
import { allowedSignersLine } from './publicKey.ts';

export const CAPSULE_KEY_FILE = 'capsule.pem';
export const LEDGER_KEY_FILE = 'ledger.pem';
export const ALLOWED_SIGNERS_FILE = 'allowed_signers';

/** Our own lines name the product, not the person: evidence and settings hold no user or host name. */
const OWN_PRINCIPAL = 'mesh-sim';

export interface Keyring {
  /** Signs Capsules, results and decisions. */
  readonly capsule: SigningKey;
  /** Signs the ledger's checkpoints only. */
  readonly ledger: SigningKey;
}

async function readText(file: string): Promise<string> {
  try {
    return await readRegularText(file);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return '';
    throw new MeshSimError(
      'key-unreadable',
      `The list of trusted signers ${file} cannot be read (${messageOf(error)}).`,
      { cause: error },
    );
  }
}

/** The trusted signers of a file; none when it does not exist. Throws `key-unreadable`. */
export async function readAllowedSigners(file: string): Promise<AllowedSigner[]> {
  return parseAllowedSigners(await readText(file));
}

/** The lines of a file that trust nobody, a sentence each. Throws `key-unreadable`. */
export async function refusedSigners(file: string): Promise<string[]> {
  return refusedSentences(readAllowedSignersText(await readText(file)), file);
}

/**
 * Adds one line to an allowed_signers file and makes it durable. A line is one write in append mode, so lines of two
 * processes do not mix; a line torn by a crash is closed by the newline in front of the next.
 */
export async function appendAllowedSigner(file: string, line: string): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  const present = await readText(file);
  if (present.split(/\r?\n/).includes(line)) return;
  const handle = await openRegular(file, 'a', 0o644);
  try {
    await handle.write(`${present === '' || present.endsWith('\n') ? '' : '\n'}${line}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** The keys there are in a config folder; creates none. Throws `key-unreadable`, `key-exposed`, `key-invalid`. */
export async function findKeys(folder: string): Promise<Partial<Keyring>> {
  const capsule = await loadKey(path.join(folder, CAPSULE_KEY_FILE));
  const ledger = await loadKey(path.join(folder, LEDGER_KEY_FILE));
  return {
    ...(capsule === undefined ? {} : { capsule }),
    ...(ledger === undefined ? {} : { ledger }),
  };
}

/** Opens the Capsule key and the log key of a config folder; creates and trusts them on first use. */
export async function openKeyring(folder: string): Promise<Keyring> {
  const enrolFor = (namespace: SignerNamespace) => (key: SigningKey) =>
    appendAllowedSigner(
      path.join(folder, ALLOWED_SIGNERS_FILE),
      allowedSignersLine(key.publicKey, OWN_PRINCIPAL, namespace),
    );
  return {
    capsule: await loadOrCreateKey(path.join(folder, CAPSULE_KEY_FILE), {
      enrol: enrolFor('mesh-sim'),
    }),
    ledger: await loadOrCreateKey(path.join(folder, LEDGER_KEY_FILE), {
      enrol: enrolFor('mesh-sim-ledger'),
    }),
  };
}
