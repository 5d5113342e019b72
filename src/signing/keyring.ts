import path from 'node:path';
import { MeshSimError, messageOf, systemCode } from '../base/errors.ts';
import { readRegularText } from '../base/regularFile.ts';
import { assertSoundPublicKey } from './ed25519.ts';
import type { HeldKey } from './heldKey.ts';
import { loadKey, loadOrCreateKey } from './keyFile.ts';
import type { SigningKey } from './keys.ts';
import type { SignerNamespace } from './publicKey.ts';
import { allowedSignersLine, fingerprint, publicKeyFromLine } from './publicKey.ts';
import { ALLOWED_SIGNERS_FILE, appendAllowedSigner } from './signersFile.ts';
import { agentKeys, agentSocket, signByAgent } from './sshAgent.ts';

export const CAPSULE_KEY_FILE = 'capsule.pem';
/** The public half of a Capsule key that ssh-agent holds, as ssh-keygen writes it: where it is there, no file of ours has the private one. */
export const HELD_KEY_FILE = 'capsule.pub';
export const LEDGER_KEY_FILE = 'ledger.pem';
/** Signs that this user has seen somebody's ledger; made when that is first done. */
export const WITNESS_KEY_FILE = 'witness.pem';

/** Our own lines name the product, not the person: evidence and settings hold no user or host name. */
const OWN_PRINCIPAL = 'mesh-sim';

export interface Keyring {
  /** Signs Capsules, results and decisions. */
  readonly capsule: SigningKey | HeldKey;
  /** Signs the ledger's checkpoints only: each entry wants one, so a file has it. */
  readonly ledger: SigningKey;
}

/** The Capsule key and the log key there are in a config folder; creates none. Throws `key-unreadable`, `key-exposed`, `key-invalid`. */
export async function findKeys(
  folder: string,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<Partial<Keyring>> {
  const capsule =
    (await heldKey(folder, environment)) ?? (await loadKey(path.join(folder, CAPSULE_KEY_FILE)));
  const ledger = await loadKey(path.join(folder, LEDGER_KEY_FILE));
  return {
    ...(capsule === undefined ? {} : { capsule }),
    ...(ledger === undefined ? {} : { ledger }),
  };
}

/**
 * Opens the Capsule key and the log key of a config folder; creates and trusts them on first use. A key that ssh-agent is to hold
 * must be there: nobody learns at the end of a run that it cannot be signed.
 * @throws MeshSimError `key-unreadable`, `key-exposed`, `key-invalid`, `disk-failed`
 */
export async function openKeyring(
  folder: string,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<Keyring> {
  const held = await heldKey(folder, environment);
  if (held !== undefined) await assertHeld(held.publicKey, agentSocket(environment));
  return {
    capsule:
      held ??
      (await loadOrCreateKey(path.join(folder, CAPSULE_KEY_FILE), {
        enrol: (key) => enrol(folder, key.publicKey, 'mesh-sim'),
      })),
    ledger: await loadOrCreateKey(path.join(folder, LEDGER_KEY_FILE), {
      enrol: (key) => enrol(folder, key.publicKey, 'mesh-sim-ledger'),
    }),
  };
}

/** Trusts a key of this user here. @throws MeshSimError `key-unreadable`, or a system error */
export function enrol(
  folder: string,
  publicKey: string,
  namespace: SignerNamespace,
): Promise<void> {
  const line = allowedSignersLine(publicKey, OWN_PRINCIPAL, namespace);
  return appendAllowedSigner(path.join(folder, ALLOWED_SIGNERS_FILE), line);
}

/** @throws MeshSimError `key-unreadable` where the agent has no such key */
async function assertHeld(publicKey: string, socket: string): Promise<void> {
  const keys = await agentKeys(socket);
  if (keys.some((key) => key.publicKey === publicKey)) return;
  throw new MeshSimError(
    'key-unreadable',
    `The ssh-agent at ${socket} does not hold the Capsule key ${fingerprint(publicKey)}: add it with ssh-add, or take another with "mesh-sim keys rotate".`,
  );
}

/** Undefined: the Capsule key is in a file of ours. @throws MeshSimError `key-invalid`, `key-unreadable` */
async function heldKey(
  folder: string,
  environment: NodeJS.ProcessEnv,
): Promise<HeldKey | undefined> {
  const file = path.join(folder, HELD_KEY_FILE);
  let text: string;
  try {
    text = await readRegularText(file);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw new MeshSimError(
      'key-unreadable',
      `The key file ${file} cannot be read (${messageOf(error)}).`,
      { cause: error },
    );
  }
  const publicKey = publicKeyFromLine(text, file);
  assertSoundPublicKey(publicKey);
  return {
    publicKey,
    keyid: fingerprint(publicKey),
    ask: (message) => signByAgent(agentSocket(environment), publicKey, message),
  };
}
