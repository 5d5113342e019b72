import { lstat, readdir, utimes } from 'node:fs/promises';
import path from 'node:path';
import { folderBytes } from '../../base/folderBytes.ts';
import { sha256Hex } from '../../signing/digest.ts';
import { cacheFolder, makePrivateFolder } from '../../base/cacheFolder.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { oldestRun } from './buildResults.ts';
import { removeUnused } from './removeUnused.ts';

const TOOLS = 'tools';

/**
 * Where tools that build the products of a workspace keep what they want to have again. It is apart from the user's own, and from
 * other workspaces': a build may write there what the next one takes for a download. Builds find nothing in the workspace itself.
 */
export function toolCacheOf({ options, paths }: Pick<Workspace, 'options' | 'paths'>): string {
  return path.join(cacheFolder(options.environment), TOOLS, nameOf(paths.folder));
}

/** For a run that begins. Its time is that of the last use. @throws MeshSimError `disk-failed` */
export async function makeToolCache({ options, paths }: Workspace): Promise<string> {
  const cache = cacheFolder(options.environment);
  const folder = await makePrivateFolder(cache, TOOLS, nameOf(paths.folder));
  const now = new Date();
  await utimes(folder, now, now);
  return folder;
}

/** What the tools of a workspace's builds keep. */
export interface KeptTools {
  /** As they call it: npm, go-mod, pip. */
  readonly tools: readonly string[];
  readonly bytes: number;
  /** ms since 1970. */
  readonly usedAt: number;
  /** A run goes on, whose builds may use it: it is not removed. */
  readonly inUse: boolean;
}

/** Undefined: there is nothing. */
export async function keptTools(workspace: Workspace): Promise<KeptTools | undefined> {
  const folder = toolCacheOf(workspace);
  const tools = (await readdir(folder).catch(() => [])).sort();
  const found = await lstat(folder).catch(() => undefined);
  if (found === undefined || tools.length === 0) return undefined;
  return {
    tools,
    bytes: await folderBytes(folder),
    usedAt: found.mtimeMs,
    inUse: (await oldestRun(workspace.paths)) < Infinity,
  };
}

/** Unless it was used since it was looked at. Resolves to whether it was removed. */
export async function removeTools(workspace: Workspace, tools: KeptTools): Promise<boolean> {
  return !tools.inUse && (await removeUnused(toolCacheOf(workspace), tools.usedAt));
}

/** As many digits as keep the workspaces of one user apart. */
function nameOf(workspaceFolder: string): string {
  return sha256Hex(Buffer.from(workspaceFolder)).slice(0, 16);
}
