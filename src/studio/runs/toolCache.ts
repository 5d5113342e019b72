import path from 'node:path';
import { sha256Hex } from '../../signing/digest.ts';
import { cacheFolder, makePrivateFolder } from '../workspace/cacheFolder.ts';
import type { Workspace } from '../workspace/workspace.ts';

const TOOLS = 'tools';

/**
 * Where tools that build the products of a workspace keep what they want to have again. It is apart from the user's own, and from
 * other workspaces': a build may write there what the next one takes for a download. Builds find nothing in the workspace itself.
 */
export function toolCacheOf({ options, paths }: Pick<Workspace, 'options' | 'paths'>): string {
  return path.join(cacheFolder(options.environment), TOOLS, nameOf(paths.folder));
}

/** @throws MeshSimError `disk-failed` */
export function makeToolCache({ options, paths }: Workspace): Promise<string> {
  return makePrivateFolder(cacheFolder(options.environment), TOOLS, nameOf(paths.folder));
}

/** As many digits as keep the workspaces of one user apart. */
function nameOf(workspaceFolder: string): string {
  return sha256Hex(Buffer.from(workspaceFolder)).slice(0, 16);
}
