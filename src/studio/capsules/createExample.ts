import { existsSync } from 'node:fs';
import { cp, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { commitHarborPay } from '../../../examples/harborPay.mjs';
import { MeshSimError, messageOf } from '../../base/errors.ts';
import { runGit } from '../../capsule/git.ts';

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
  } catch (error) {
    const sentence = `The example could not be written to ${folder} (${messageOf(error)}): choose another place.`;
    throw new MeshSimError('disk-failed', sentence, { cause: error });
  }
  await commitHarborPay(folder, (repository, ...args) => runGit({ folder: repository, args }));
}
