import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { systemProgram } from './program.ts';

/** Path, kind, mode, size, times of change of content and of inode, inode, and where a link leads: apart by NUL. */
const FACTS = '%P\\0%y %m %s %T@ %C@ %i %l\\0';

/**
 * Tells whether anything in a folder was touched, without reading it: a digest over what the file system knows of every entry. The time at
 * which an inode changed is the system's to set, so what alters a file alters its stamp; that a disk lost bits it does not tell. By
 * find(1) of GNU; undefined: there is none.
 */
export function treeStamp(folder: string): Promise<string | undefined> {
  const find = process.platform === 'linux' ? systemProgram('find') : undefined;
  if (find === undefined) return Promise.resolve(undefined);
  return new Promise((resolve, reject) => {
    const hash = createHash('sha256');
    const child = spawn(find, ['.', '-mindepth', '1', '-printf', FACTS], {
      cwd: folder,
      env: { LC_ALL: 'C' },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    child.stdout.on('data', (bytes: Buffer) => hash.update(bytes));
    child.once('error', reject);
    child.once('close', (code) => resolve(code === 0 ? hash.digest('hex') : undefined));
  });
}
