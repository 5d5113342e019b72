import { rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { diskFailure } from '../base/diskFailure.ts';
import { MeshSimError } from '../base/errors.ts';
import { replaceFile } from '../base/replaceFile.ts';
import { loadKey } from './keyFile.ts';
import {
  CAPSULE_KEY_FILE,
  enrol,
  findKeys,
  HELD_KEY_FILE,
  openKeyring,
  type Keyring,
} from './keyring.ts';
import { fingerprint, sshPublicLine } from './publicKey.ts';
import { agentKeys, agentSocket } from './sshAgent.ts';
import { ALLOWED_SIGNERS_FILE, endTrust, readAllowedSigners } from './signersFile.ts';

export interface Rotation {
  readonly keyring: Keyring;
  /** The key that was replaced; undefined: there was none. */
  readonly replaced: string | undefined;
  /** A line trusted it without an end, or beyond now: it ends now. */
  readonly isEnded: boolean;
  /** Where its private half lies now; undefined: no file of ours had it. */
  readonly keptIn: string | undefined;
}

/**
 * Puts another Capsule key in the place of the present one, which counts for what it has signed until now, and for nothing later.
 * The order leaves, wherever it is cut short, a key that is trusted.
 * @param wanted fingerprint of the key that ssh-agent holds; undefined: a new one in a file
 * @param now ms since the Unix epoch
 * @throws MeshSimError `key-unreadable`, `key-invalid`, `usage`, `disk-failed`
 */
export async function rotateKey(
  folder: string,
  wanted: string | undefined,
  now: number,
  environment: NodeJS.ProcessEnv,
): Promise<Rotation> {
  const { capsule: present } = await findKeys(folder, environment);
  const coming = wanted === undefined ? undefined : await keyInAgent(wanted, environment);
  if (coming !== undefined && coming === present?.publicKey) {
    throw new MeshSimError('usage', `${fingerprint(coming)} is the Capsule key already.`);
  }
  const files = [CAPSULE_KEY_FILE, HELD_KEY_FILE].map((name) => path.join(folder, name));
  const [ownFile = '', heldFile = ''] = files;
  try {
    if (coming !== undefined) {
      await enrol(folder, coming, 'mesh-sim');
      await replaceFile(heldFile, `${sshPublicLine(coming)}\n`);
    }
    const keptIn = await moveAway(ownFile);
    if (coming === undefined) await rm(heldFile, { force: true });
    const keyring = await openKeyring(folder, environment);
    const list = path.join(folder, ALLOWED_SIGNERS_FILE);
    const ended = present === undefined ? 0 : await endTrust(list, present.publicKey, now);
    return { keyring, replaced: present?.keyid, isEnded: ended > 0, keptIn };
  } catch (error) {
    if (error instanceof MeshSimError) throw error;
    throw diskFailure(`The keys in ${folder} could not be changed`, error);
  }
}

/**
 * Nothing that key ever signed counts here any more. @param wanted its fingerprint @throws MeshSimError `usage`, `key-unreadable`,
 * `disk-failed`
 */
export async function revokeKey(folder: string, wanted: string): Promise<void> {
  const file = path.join(folder, ALLOWED_SIGNERS_FILE);
  const signers = await readAllowedSigners(file);
  const found = signers.find(({ publicKey }) => fingerprint(publicKey) === wanted);
  if (found === undefined) {
    throw new MeshSimError(
      'usage',
      `${file} trusts no key ${wanted}: give one as ssh-keygen -lf or mesh-sim keys prints it.`,
    );
  }
  await endTrust(file, found.publicKey, undefined);
}

async function keyInAgent(wanted: string, environment: NodeJS.ProcessEnv): Promise<string> {
  const socket = agentSocket(environment);
  const keys = await agentKeys(socket);
  const found = keys.find(({ publicKey }) => fingerprint(publicKey) === wanted);
  if (found !== undefined) return found.publicKey;
  const there = keys.map(({ publicKey, comment }) => `${fingerprint(publicKey)} (${comment})`);
  throw new MeshSimError(
    'key-unreadable',
    `The ssh-agent at ${socket} holds no Ed25519 key ${wanted}; it holds ${there.length === 0 ? 'none' : there.join(', ')}.`,
  );
}

/** A private key is never deleted by us: it gets the name of its public half. Undefined: there was none. */
async function moveAway(file: string): Promise<string | undefined> {
  const key = await loadKey(file);
  if (key === undefined) return undefined;
  const { dir, name, ext } = path.parse(file);
  const place = path.join(dir, `${name}.${key.publicKey.slice(0, 16)}${ext}`);
  await rename(file, place);
  return place;
}
