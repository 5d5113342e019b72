import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { MeshSimError, messageOf, systemCode } from '../base/errors.ts';
import { openRegular, readRegularText } from '../base/regularFile.ts';
import { replaceFile } from '../base/replaceFile.ts';
import {
  parseAllowedSigners,
  readAllowedSignersText,
  refusedSentences,
  type AllowedSigner,
} from './allowedSigners.ts';
import { fingerprint } from './publicKey.ts';
import { sshMoment } from './sshMoment.ts';

/** The list of trusted signers: who is believed here. */
export const ALLOWED_SIGNERS_FILE = 'allowed_signers';
/** It holds no secret. */
const MODE = 0o644;

/** '' when there is none. Throws `key-unreadable`. */
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
  const handle = await openRegular(file, 'a', MODE);
  try {
    await handle.write(`${present === '' || present.endsWith('\n') ? '' : '\n'}${line}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/**
 * Ends the trust in a key. Returns how many lines were about it and had not ended.
 * @param at ms since the Unix epoch: what it signed until then counts on; undefined: nothing it ever signed counts, and its lines
 * become comments
 * @throws MeshSimError `key-unreadable`, `disk-failed`
 */
export async function endTrust(
  file: string,
  publicKey: string,
  at: number | undefined,
): Promise<number> {
  let ended = 0;
  const lines = (await readText(file)).split(/\r?\n/).map((line) => {
    const [signer] = parseAllowedSigners(line);
    if (signer?.publicKey !== publicKey) return line;
    if (at === undefined) {
      ended += 1;
      return `# revoked ${fingerprint(publicKey)}: ${line}`;
    }
    if (signer.validBefore !== undefined && signer.validBefore <= at) return line;
    ended += 1;
    return withEnd(line, at);
  });
  if (ended > 0) await replaceFile(file, lines.join('\n'), MODE);
  return ended;
}

/** The line with the option in the place of an earlier one, or as its only or last option. */
function withEnd(line: string, at: number): string {
  // To the second that is not over: what was signed a moment ago counts.
  const option = `valid-before="${sshMoment(Math.ceil(at / 1_000) * 1_000)}"`;
  const known = /valid-before="[^"]*"/i;
  if (known.test(line)) return line.replace(known, option);
  const beforeKey =
    /(?:(?<options>[^\s"]+="[^"]*"(?:,[^\s"]+="[^"]*")*)[ \t]+)?(?<key>ssh-ed25519[ \t])/;
  return line.replace(beforeKey, (_whole, ...rest: unknown[]) => {
    const { options, key } = rest.at(-1) as { options?: string; key: string };
    return `${options === undefined ? '' : `${options},`}${option} ${key}`;
  });
}
