import { access, readdir, rm } from 'node:fs/promises';
import { simIdSchema } from '../model/names.ts';
import { endMarked } from '../runtime/real/endMarked.ts';
import { replaceFile } from './replaceFile.ts';
import { disownAbandoned, isAbandoned } from './runLock.ts';
import type { Workspace } from './workspace.ts';
import { runPaths, type RunPaths } from './workspacePaths.ts';

/** Says of a run, also to those who find it after it was killed, that its node folders are to stay. */
export async function keepNodes({ keepsNodes }: RunPaths): Promise<void> {
  await replaceFile(keepsNodes, '');
}

/**
 * Removes the node folders of runs whose process was killed, and ends what their services left running. A run that has a
 * living owner is left alone, and so is one whose folders are to stay. Never fails: what cannot be collected now is later.
 */
export async function collectRuns(workspace: Workspace): Promise<void> {
  const names = await readdir(workspace.paths.runs).catch(() => []);
  const runs = names
    .filter((name) => simIdSchema.safeParse(name).success)
    .map((simId) => ({ simId, paths: runPaths(workspace.paths, simId) }));
  await Promise.all(runs.map(({ simId, paths }) => collect(simId, paths).catch(() => undefined)));
}

async function collect(simId: string, paths: RunPaths): Promise<void> {
  if (!(await isAbandoned(paths.folder)) || (await endMarked(simId)) === 'run-lives') return;
  if (!(await isThere(paths.keepsNodes))) await rm(paths.nodes, { recursive: true, force: true });
  await disownAbandoned(paths.folder);
}

function isThere(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
