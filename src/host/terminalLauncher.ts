import { chmod, mkdir, rename } from 'node:fs/promises';
import path from 'node:path';
import { systemCode } from '../base/errors.ts';
import { readRegularText, writeAfresh } from '../base/regularFile.ts';
import { shellWord } from '../base/shellWord.ts';

export interface Launcher {
  /** The editor's own executable: Node.js, or what is Node.js when told so. It is there, and new enough, wherever the extension is. */
  readonly node: string;
  /** The command line that comes with the extension. */
  readonly program: string;
}

/** Files of a folder of the PATH, by name: one for shells of POSIX systems (and of git on Windows), one for those of Windows. */
export function launcherFiles({ node, program }: Launcher): Readonly<Record<string, string>> {
  return {
    'mesh-sim': `#!/bin/sh\nELECTRON_RUN_AS_NODE=1 exec ${shellWord(node)} ${shellWord(program)} "$@"\n`,
    'mesh-sim.cmd': [
      '@echo off',
      'setlocal',
      'set ELECTRON_RUN_AS_NODE=1',
      `"${forBatch(node)}" "${forBatch(program)}" %*`,
      '',
    ].join('\r\n'),
  };
}

/**
 * Sees that the files are in `folder`, whole at any instant: terminals of other windows run them. A new version of the extension
 * replaces what an older one wrote, so that terminals that are still open find it too.
 * @throws Error of the file system
 */
export async function writeLauncher(folder: string, launcher: Launcher): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [name, text] of Object.entries(launcherFiles(launcher))) {
    const file = path.join(folder, name);
    if ((await textOf(file)) === text) continue;
    const temporary = `${file}.${process.pid}.tmp`;
    await writeAfresh(temporary, text);
    await chmod(temporary, 0o755);
    await rename(temporary, file);
  }
}

async function textOf(file: string): Promise<string | undefined> {
  try {
    return await readRegularText(file);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** A path of Windows has no quotes; a percent sign would name a variable. */
function forBatch(word: string): string {
  return word.replaceAll('%', '%%');
}
