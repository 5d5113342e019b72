import { lstat, mkdir, realpath } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import path from 'node:path';
import { diskFailure } from './diskFailure.ts';
import { MeshSimError, systemCode } from './errors.ts';
import { repositoryAround } from './repositoryAround.ts';

const PRODUCT = 'mesh-sim';

/**
 * Where folders of runs are while they last: `$MESH_SIM_CACHE`, else `mesh-sim` in `$XDG_CACHE_HOME` or in the system's folder
 * for a user's caches. A relative XDG_CACHE_HOME is ignored, as the XDG base directory specification asks. Where that is in a
 * git repository, a folder of this user in the temporary folder: programs of a run look for files in the folders above theirs.
 */
export function cacheFolder(
  environment: NodeJS.ProcessEnv,
  platform: NodeJS.Platform = process.platform,
): string {
  const usual = usualCacheFolder(environment, platform);
  const isChosen = (environment.MESH_SIM_CACHE ?? '') !== '';
  return isChosen || repositoryAround(usual) === undefined
    ? usual
    : path.join(tmpdir(), `${PRODUCT}-${process.getuid?.() ?? 'user'}`);
}

/** As `cacheFolder`, also in a repository: for what looks for no files in folders above its own. */
export function usualCacheFolder(
  environment: NodeJS.ProcessEnv,
  platform: NodeJS.Platform = process.platform,
): string {
  const chosen = environment.MESH_SIM_CACHE;
  return chosen !== undefined && chosen !== ''
    ? path.resolve(chosen)
    : path.join(usersCache(environment, platform), PRODUCT);
}

function usersCache(environment: NodeJS.ProcessEnv, platform: NodeJS.Platform): string {
  const home = environment.HOME ?? homedir();
  const xdg = environment.XDG_CACHE_HOME;
  if (xdg !== undefined && path.isAbsolute(xdg)) return xdg;
  if (platform === 'win32') return environment.LOCALAPPDATA ?? path.join(home, 'AppData', 'Local');
  return path.join(home, ...(platform === 'darwin' ? ['Library', 'Caches'] : ['.cache']));
}

/**
 * Makes a folder below the cache, for its owner alone; resolves to its path without links.
 * @throws MeshSimError `disk-failed`, also when it would be in a repository or in a folder of somebody else
 */
export async function makePrivateFolder(cache: string, ...below: string[]): Promise<string> {
  const folder = path.join(cache, ...below);
  const problem = (what: string) =>
    new MeshSimError(
      'disk-failed',
      `The folder ${cache} for runs ${what}: set MESH_SIM_CACHE to a folder of yours outside every repository.`,
    );
  const found = await makeFolders(folder)
    .then(() => lstat(cache))
    .catch((error: unknown) => {
      throw diskFailure(`The folder ${folder} for runs cannot be made`, error);
    });
  const own = process.getuid?.() ?? found.uid;
  if (!found.isDirectory() || found.uid !== own) throw problem('is not a folder of this user');
  const real = await realpath(folder);
  const repository = repositoryAround(real);
  if (repository !== undefined) throw problem(`is in the git repository ${repository}`);
  return real;
}

/** Node.js says ENOENT where folders on the way are on a read-only disk: asked for the last one alone, the system says why. */
async function makeFolders(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw error;
    await mkdir(folder, { mode: 0o700 });
  }
}
