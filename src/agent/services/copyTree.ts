import { spawn } from 'node:child_process';
import { constants } from 'node:fs';
import { cp } from 'node:fs/promises';
import { systemProgram } from './program.ts';

/** What cp(1) says of a disk that takes nothing more, by errno(3). */
const DISK_FAULTS: Readonly<Record<string, RegExp>> = {
  ENOSPC: /No space left on device/,
  EDQUOT: /Disk quota exceeded/,
  EROFS: /Read-only file system/,
  EIO: /Input\/output error/,
};

/** Less than what a message is cut to anyway. */
const LAST_WORDS_BYTES = 2_000;

/**
 * Copies what is in one folder into another: links as they are, with times and modes, and sharing blocks where the file system can.
 * What is there already is never replaced. By cp(1), a process of its own, where it can do that: file by file through Node.js takes
 * ten times as long, of which the node's messages would wait for a part.
 * @throws Error with the system's code where it has one
 */
export async function copyTree(from: string, to: string): Promise<void> {
  const program = await (systemCopy ??= findSystemCopy());
  if (program === undefined) {
    await cp(from, to, {
      recursive: true,
      verbatimSymlinks: true,
      preserveTimestamps: true,
      mode: constants.COPYFILE_FICLONE,
      force: false,
    });
    return;
  }
  const { code, words } = await run(program, [
    '--archive',
    '--no-clobber',
    '--reflink=auto',
    '--no-target-directory',
    from,
    to,
  ]);
  if (code === 0) return;
  const sentence = `${from} could not be copied to ${to}: ${words.trim()}`;
  const [fault] = Object.entries(DISK_FAULTS).find(([, pattern]) => pattern.test(words)) ?? [];
  throw fault === undefined
    ? new Error(sentence)
    : Object.assign(new Error(`${fault}: ${sentence}`), { code: fault });
}

let systemCopy: Promise<string | undefined> | undefined;

/** The one of GNU, which says of itself that it can; undefined: there is none. */
async function findSystemCopy(): Promise<string | undefined> {
  const program = process.platform === 'linux' ? systemProgram('cp') : undefined;
  if (program === undefined) return undefined;
  const { words } = await run(program, ['--help']);
  return words.includes('--reflink') && words.includes('--no-target-directory')
    ? program
    : undefined;
}

/** `words`: how its output begins, and that to stderr. */
function run(file: string, args: readonly string[]): Promise<{ code: number; words: string }> {
  return new Promise((resolve, reject) => {
    let words = '';
    const child = spawn(file, args, { env: { LC_ALL: 'C' }, stdio: ['ignore', 'pipe', 'pipe'] });
    const hear = (bytes: Buffer) => (words += bytes.toString());
    child.stdout.on('data', hear);
    child.stderr.on('data', (bytes: Buffer) => {
      if (words.length < LAST_WORDS_BYTES) hear(bytes);
    });
    child.once('error', reject);
    child.once('close', (code) => resolve({ code: code ?? 1, words }));
  });
}
