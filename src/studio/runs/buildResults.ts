import { lstat, readdir } from 'node:fs/promises';
import path from 'node:path';
import { folderBytes } from '../../base/folderBytes.ts';
import { MeshSimError } from '../../base/errors.ts';
import { aboutResult } from '../../capsule/aboutResult.ts';
import { bytesOf } from '../../model/byteSize.ts';
import { simIdSchema } from '../../model/names.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { runPaths } from '../workspace/workspacePaths.ts';
import { removeUnused } from './removeUnused.ts';
import { isUnderWay } from './runLock.ts';

/** Of kept results, of each workspace: a few dozen of what a large product installs. */
const LIMIT_BYTES = 10e9;
const LIMIT_VARIABLE = 'MESH_SIM_BUILD_LIMIT';

const KEY = /^[0-9a-f]{64}$/;

export interface KeptResult {
  readonly key: string;
  /** Undefined: nobody wrote it down. */
  readonly service: string | undefined;
  readonly bytes: number;
  /** ms since 1970. */
  readonly usedAt: number;
  /** By a run that goes on: it is not removed. */
  readonly inUse: boolean;
}

type Result = Omit<KeptResult, 'inUse'>;

/** The results of builds that a workspace keeps, the one used last first. */
export async function listBuildResults({ paths }: Workspace): Promise<KeptResult[]> {
  return withUse(paths, await resultsOf(paths));
}

async function withUse(
  paths: Workspace['paths'],
  results: readonly Result[],
): Promise<KeptResult[]> {
  const oldest = await oldestRun(paths);
  return results.map((result) => ({ ...result, inUse: result.usedAt >= oldest }));
}

/** The one used last first. */
async function resultsOf(paths: Workspace['paths']): Promise<Result[]> {
  const names = await readdir(paths.buildCache).catch(() => []);
  const results = names
    .filter((name) => KEY.test(name))
    .map(async (key): Promise<Result | undefined> => {
      const folder = path.join(paths.buildCache, key);
      const found = await lstat(folder).catch(() => undefined);
      if (found === undefined) return undefined;
      const about = await aboutResult(folder);
      const bytes = about?.bytes ?? (await folderBytes(folder).catch(() => 0));
      return { key, service: about?.service, bytes, usedAt: found.mtimeMs };
    });
  return (await Promise.all(results))
    .filter((result) => result !== undefined)
    .sort((one, other) => other.usedAt - one.usedAt);
}

/**
 * Removes results until the rest is within the limit, those first that were used longest ago, and none that a run that goes on has used.
 * Resolves to those that were removed.
 */
export async function pruneBuildResults(
  workspace: Workspace,
  limitBytes: number,
): Promise<KeptResult[]> {
  const kept = await resultsOf(workspace.paths);
  let total = kept.reduce((sum, { bytes }) => sum + bytes, 0);
  // Most often: then a run that is to begin need not wait for a look at all earlier ones.
  if (total <= limitBytes) return [];
  const results = await withUse(workspace.paths, kept);
  const removed: KeptResult[] = [];
  for (const result of results.toReversed()) {
    if (total <= limitBytes) break;
    const folder = path.join(workspace.paths.buildCache, result.key);
    if (result.inUse || !(await removeUnused(folder, result.usedAt))) continue;
    total -= result.bytes;
    removed.push(result);
  }
  return removed;
}

/**
 * `MESH_SIM_BUILD_LIMIT`, such as "20GB", else 10 GB.
 * @throws MeshSimError `usage`
 */
export function buildLimit(environment: NodeJS.ProcessEnv): number {
  const text = environment[LIMIT_VARIABLE];
  return text === undefined || text === '' ? LIMIT_BYTES : sizeOf(LIMIT_VARIABLE, text);
}

/** @throws MeshSimError `usage` naming where the size was given */
export function sizeOf(name: string, text: string): number {
  const bytes = bytesOf(text);
  if (bytes !== undefined) return bytes;
  throw new MeshSimError('usage', `${name} is "${text}": write a size such as 500MB or 20GB.`);
}

/** When the plan of the oldest run was written that goes on, ms since 1970; Infinity: none does. */
export async function oldestRun(paths: Workspace['paths']): Promise<number> {
  const names = await readdir(paths.runs).catch(() => []);
  const starts = names
    .filter((name) => simIdSchema.safeParse(name).success)
    .map(async (simId) => {
      const run = runPaths(paths, simId);
      if (!(await isUnderWay(run))) return Infinity;
      // Without a plan it has just begun, and may use anything.
      return lstat(run.plan).then(
        ({ mtimeMs }) => mtimeMs,
        () => 0,
      );
    });
  return Math.min(Infinity, ...(await Promise.all(starts)));
}
