import path from 'node:path';
import { MeshSimError, messageOf, systemCode } from '../base/errors.ts';
import { readRegularText, readRegularUpTo } from '../base/regularFile.ts';
import { MAX_CAPSIM_BYTES } from '../evidence/capsim.ts';
import type { VerifyOptions } from '../evidence/verify.ts';
import {
  keysAllowedFor,
  readAllowedSignersText,
  refusedSentences,
} from '../signing/allowedSigners.ts';
import { configFolder } from '../signing/configFolder.ts';
import { assertSoundPublicKey } from '../signing/ed25519.ts';
import { sha256Hex } from '../signing/digest.ts';
import { publicKeyFromPem } from '../signing/publicKey.ts';
import type { TrustedKey } from '../signing/trustedKeys.ts';
import type { VerifyCommand } from './verifyOptions.ts';

/** Key and signer files are small; whatever is larger is something else. */
const MAX_TEXT_BYTES = 1024 * 1024;

function unreadable(file: string, error: unknown): never {
  const code = systemCode(error);
  const reason =
    code === 'ENOENT'
      ? 'there is no such file'
      : code === 'EISDIR'
        ? 'it is a folder'
        : messageOf(error).replace(`${file} is`, 'it is');
  throw new MeshSimError('usage', `${file} cannot be read: ${reason}.`, { cause: error });
}

/** At most `limit` + 1 bytes of a file: enough to see that it is too large, however large it is. */
async function readBounded(file: string, limit: number): Promise<Uint8Array> {
  try {
    return await readRegularUpTo(file, limit);
  } catch (error) {
    return unreadable(file, error);
  }
}

export function readEvidenceFile(file: string): Promise<Uint8Array> {
  return readBounded(file, MAX_CAPSIM_BYTES);
}

async function readPem(file: string): Promise<string> {
  const text = Buffer.from(await readBounded(file, MAX_TEXT_BYTES)).toString('utf8');
  const publicKey = publicKeyFromPem(text, file);
  assertSoundPublicKey(publicKey);
  return publicKey;
}

/** The given file must be there; the one in the config folder need not. */
async function readSigners(command: VerifyCommand, file: string): Promise<string> {
  if (command.allowedSigners !== undefined) {
    return Buffer.from(await readBounded(file, MAX_TEXT_BYTES)).toString('utf8');
  }
  try {
    return await readRegularText(file);
  } catch (error) {
    return systemCode(error) === 'ENOENT' ? '' : unreadable(file, error);
  }
}

function isSound({ publicKey }: TrustedKey): boolean {
  try {
    assertSoundPublicKey(publicKey);
    return true;
  } catch {
    return false;
  }
}

/** Of a Capsule that is named by its hash or by the file of its manifest. */
async function readHash(named: string | undefined): Promise<string | undefined> {
  if (named === undefined || /^[0-9a-f]{64}$/.test(named)) return named;
  if (/^[0-9a-f]{1,63}$/.test(named)) {
    throw new MeshSimError(
      'usage',
      `--require-upgrade-from ${named} is part of a hash: one file cannot tell of which, give all 64 digits, or the capsule.json.`,
    );
  }
  return sha256Hex(await readBounded(named, MAX_CAPSIM_BYTES));
}

export interface VerifyInputs {
  readonly options: VerifyOptions;
  /** Lines of the list of signers that trust nobody, one sentence each. */
  readonly refusedLines: readonly string[];
}

/** Reads what the command line refers to. Throws `usage` or `key-invalid`. */
export async function readVerifyInputs(
  command: VerifyCommand,
  environment: NodeJS.ProcessEnv,
  now: number,
): Promise<VerifyInputs> {
  const file = command.allowedSigners ?? path.join(configFolder(environment), 'allowed_signers');
  const read = readAllowedSignersText(await readSigners(command, file));
  const { signers } = read;
  const trusted = keysAllowedFor(signers, 'mesh-sim').filter(isSound);
  const logKeys = keysAllowedFor(signers, 'mesh-sim-ledger').filter(isSound);
  const only = async (file: string) => [{ publicKey: await readPem(file) }];
  const { capsule, maxAgeMs, minNodes, requireChaos, requireHosts, requireIsolation } = command;
  const { requirePass, requireReal, requireRollback } = command;
  const upgradeFrom = await readHash(command.upgradeFrom);
  const options = {
    trustedKeys: command.key === undefined ? trusted : await only(command.key),
    logKeys: command.logKey === undefined ? logKeys : await only(command.logKey),
    requireLogKey: command.logKey !== undefined,
    ...(capsule === undefined
      ? {}
      : { capsuleBytes: await readBounded(capsule, MAX_CAPSIM_BYTES) }),
    policy: {
      now,
      requireChaos,
      requirePass,
      requireReal,
      requireRollback,
      ...(upgradeFrom === undefined ? {} : { upgradeFrom }),
      ...(maxAgeMs === undefined ? {} : { maxAgeMs }),
      ...(minNodes === undefined ? {} : { minNodes }),
      ...(requireIsolation === undefined ? {} : { requireIsolation }),
      ...(requireHosts === undefined ? {} : { requireHosts }),
    },
  };
  return { options, refusedLines: refusedSentences(read, file) };
}
