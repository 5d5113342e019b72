import { realpath } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { repositoryAround } from '../../base/repositoryAround.ts';
import { packedServices, type Capsule } from '../../model/capsule.ts';
import type { Cover } from '../../runtime/real/options.ts';
import type { WorkspaceOptions } from '../workspace/workspace.ts';

/** Without what is in these, no program would run. */
const SYSTEM = ['/bin', '/dev', '/etc', '/lib', '/proc', '/run', '/sys', '/tmp', '/usr', '/var'];

/**
 * What of the machine no node may find: the repository around the workspace, and those its services come from. One that holds
 * the user's home folder or the system cannot be covered; then the named folder in it is, if that can.
 */
export async function coveredFolders(
  { folder, environment }: Pick<WorkspaceOptions, 'folder' | 'environment'>,
  capsules: readonly Capsule[],
): Promise<Cover> {
  const repos = capsules.flatMap(({ manifest }) =>
    packedServices(manifest).map(({ repo }) => repo),
  );
  const named = new Set(['.', ...repos].map((repo) => path.resolve(folder, repo)));
  const needed = [environment.HOME ?? homedir(), ...SYSTEM];
  const folders: string[] = [];
  for (const one of named) {
    // A repository that was only needed to pack may be gone.
    const real = await realpath(one).catch(() => undefined);
    if (real === undefined) continue;
    const found = [repositoryAround(real) ?? real, real].find((root) => !holds(root, needed));
    if (found === undefined) {
      return { folders: [], uncovered: `${real} holds the home folder or the system's programs` };
    }
    folders.push(found);
  }
  const isInAnother = (one: string) =>
    folders.some((other) => other !== one && holds(other, [one]));
  return { folders: [...new Set(folders)].filter((one) => !isInAnother(one)) };
}

function holds(folder: string, others: readonly string[]): boolean {
  return others.some((one) => {
    const below = path.relative(folder, one);
    return below === '' || (below !== '..' && !below.startsWith(`..${path.sep}`));
  });
}
