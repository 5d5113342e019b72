import { existsSync } from 'node:fs';
import { appendFile, cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { MeshSimError, messageOf } from '../base/errors.ts';
import { runGit } from '../capsule/git.ts';
import { REGISTRY_FILE } from './workspaceState.ts';

const AUTHOR = ['user.name=Harbour Master', 'user.email=harbour@example.org'];
const SETTINGS = ['init.defaultBranch=main', 'core.autocrlf=false', 'commit.gpgSign=false'];

/**
 * Copies the example product into a new folder as a git repository with two commits, so that there is an older one to
 * drift to. @throws MeshSimError `usage` when the folder exists, `git-failed`, `disk-failed`
 */
export async function createExample(source: string, folder: string): Promise<void> {
  if (existsSync(folder)) {
    throw new MeshSimError('usage', `${folder} exists already: choose another place.`);
  }
  try {
    await mkdir(path.dirname(folder), { recursive: true });
    await cp(source, folder, { recursive: true });
    await withoutSchemaPath(path.join(folder, REGISTRY_FILE));
  } catch (error) {
    const sentence = `The example could not be written to ${folder} (${messageOf(error)}): choose another place.`;
    throw new MeshSimError('disk-failed', sentence, { cause: error });
  }
  const git = async (...args: string[]): Promise<void> => {
    const settings = [...SETTINGS, ...AUTHOR].flatMap((one) => ['-c', one]);
    await runGit({ folder, args: [...settings, ...args] });
  };
  await git('init', '--quiet');
  await git('add', '--all');
  await git('commit', '--quiet', '--message', 'Harbor Pay 1.0');
  const changed = path.join(folder, 'services/orders/server.mjs');
  await appendFile(changed, '\n// 1.1: same behaviour, another commit\n');
  await git('commit', '--quiet', '--all', '--message', 'Harbor Pay 1.1');
}

/** The path leads to this repository's schemas, which the copy has none beside it; editors know the file by its name. */
async function withoutSchemaPath(registry: string): Promise<void> {
  const text = await readFile(registry, 'utf8');
  await writeFile(registry, text.replace(/^\s*"\$schema": .*\n/m, ''));
}
