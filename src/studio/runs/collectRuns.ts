import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { simIdSchema } from '../../model/names.ts';
import { endMarked } from '../../runtime/real/endMarked.ts';
import { removeRunFolder, runsWithoutRecord } from './runFolder.ts';
import { disownAbandoned, isAbandoned } from './runLock.ts';
import { toolCacheOf } from './toolCache.ts';
import { removeUnfinished } from '../workspace/unfinishedFiles.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { runPaths, type RunPaths } from '../workspace/workspacePaths.ts';

/**
 * Removes the node folders of runs whose process was killed, and ends what their services left running. A run that has a
 * living owner is left alone, and so are folders that are to stay. Removes what such processes were writing, too. Never
 * fails: what cannot be collected now is later.
 */
export async function collectRuns(workspace: Workspace): Promise<void> {
  const { data, runs: runsFolder, explorations, buildCache } = workspace.paths;
  const tools = path.dirname(toolCacheOf(workspace));
  await removeUnfinished([data, runsFolder, explorations, buildCache, tools], Date.now());
  const names = await readdir(runsFolder).catch(() => []);
  const runs = names
    .filter((name) => simIdSchema.safeParse(name).success)
    .map((simId) => ({ simId, paths: runPaths(workspace.paths, simId) }));
  await Promise.all(
    runs.map(({ simId, paths }) => collect(workspace, simId, paths).catch(() => undefined)),
  );
  for (const simId of await runsWithoutRecord(workspace.options)) {
    if ((await endMarked(simId)) === 'run-lives') continue;
    await removeRunFolder(workspace.options, simId).catch(() => undefined);
  }
}

async function collect({ options }: Workspace, simId: string, { folder }: RunPaths): Promise<void> {
  if (!(await isAbandoned(folder)) || (await endMarked(simId)) === 'run-lives') return;
  await removeRunFolder(options, simId);
  await disownAbandoned(folder);
}
