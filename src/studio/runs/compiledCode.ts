import path from 'node:path';
import { cacheFolder, makePrivateFolder } from '../../base/cacheFolder.ts';

const CODE = 'code';

/**
 * Where Node.js keeps what it has compiled of agents and emulator: `$NODE_COMPILE_CACHE`, as for any of its programs, else in the
 * user's cache. Shared by all workspaces, so that a first run there finds it; and in none of them, since whoever wrote there
 * would have an agent run it outside of every box. @throws MeshSimError `disk-failed`
 */
export async function makeCompiledCodeFolder(environment: NodeJS.ProcessEnv): Promise<string> {
  const chosen = environment.NODE_COMPILE_CACHE;
  return chosen !== undefined && path.isAbsolute(chosen)
    ? chosen
    : makePrivateFolder(cacheFolder(environment), CODE);
}
