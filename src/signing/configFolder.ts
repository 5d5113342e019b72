import { homedir } from 'node:os';
import path from 'node:path';

const PRODUCT = 'mesh-sim';

function perUserFolder(environment: NodeJS.ProcessEnv, platform: NodeJS.Platform): string {
  const home = environment.HOME ?? homedir();
  if (platform === 'win32') {
    return environment.APPDATA ?? path.join(homedir(), 'AppData', 'Roaming');
  }
  if (platform === 'darwin') return path.join(home, 'Library', 'Application Support');
  return path.join(home, '.config');
}

/**
 * Where keys and trusted signers live: `$MESH_SIM_CONFIG`, else `mesh-sim` in `$XDG_CONFIG_HOME` or in the system's
 * folder for a user's settings. A relative XDG_CONFIG_HOME is ignored, as the XDG base directory specification asks.
 */
export function configFolder(
  environment: NodeJS.ProcessEnv,
  platform: NodeJS.Platform = process.platform,
): string {
  const chosen = environment.MESH_SIM_CONFIG;
  if (chosen !== undefined && chosen !== '') return path.resolve(chosen);
  const xdg = environment.XDG_CONFIG_HOME;
  if (xdg !== undefined && path.isAbsolute(xdg)) return path.join(xdg, PRODUCT);
  return path.join(perUserFolder(environment, platform), PRODUCT);
}
