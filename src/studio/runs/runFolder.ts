import { access, readdir } from 'node:fs/promises';
import path from 'node:path';
import { readRegularText } from '../../base/regularFile.ts';
import { removeTree } from '../../base/removeTree.ts';
import { simIdSchema } from '../../model/names.ts';
import { cacheFolder, makePrivateFolder } from '../../base/cacheFolder.ts';
import { replaceFile } from '../../base/replaceFile.ts';
import type { WorkspaceOptions } from '../workspace/workspace.ts';

const RUNS = 'runs';
const NODES = 'nodes';
/** There when the folders of nodes are to stay. */
const KEEPS = 'nodes.keep';
/** Holds the path of the record in the workspace that the run is of. */
const RECORD = 'record';

type Owner = Pick<WorkspaceOptions, 'environment'>;

/** Where the nodes of a run live: outside every repository, as long as the run lasts or is to be kept. */
export function runFolderOf({ environment }: Owner, simId: string): string {
  return path.join(cacheFolder(environment), RUNS, simId);
}

/** The folder that holds those of the nodes, `n0` and so on. */
export function nodesFolderOf(owner: Owner, simId: string): string {
  return path.join(runFolderOf(owner, simId), NODES);
}

export interface RunFolderRequest {
  readonly simId: string;
  /** The run's folder in the workspace. */
  readonly record: string;
  /** The node folders are to stay, also when the run is killed. */
  readonly keeps: boolean;
}

/** Makes the folder of a run, readable by its owner alone. @throws MeshSimError `disk-failed` */
export async function makeRunFolder(
  { environment }: Owner,
  { simId, record, keeps }: RunFolderRequest,
): Promise<string> {
  const folder = await makePrivateFolder(cacheFolder(environment), RUNS, simId);
  await replaceFile(path.join(folder, RECORD), record);
  if (keeps) await replaceFile(path.join(folder, KEEPS), '');
  return folder;
}

/** Removes the folder of a run that has ended, unless its nodes are to stay. */
export async function removeRunFolder(owner: Owner, simId: string): Promise<void> {
  const folder = runFolderOf(owner, simId);
  if (!(await isThere(path.join(folder, KEEPS)))) await removeTree(folder);
}

/** Runs that have a folder here while the workspace that holds their record is gone. */
export async function runsWithoutRecord({ environment }: Owner): Promise<string[]> {
  const runs = path.join(cacheFolder(environment), RUNS);
  const names = await readdir(runs).catch(() => []);
  const orphans: string[] = [];
  for (const simId of names.filter((name) => simIdSchema.safeParse(name).success)) {
    const record = await readRegularText(path.join(runs, simId, RECORD)).catch(() => undefined);
    // One without it has just been made, or was killed in that instant.
    if (record !== undefined && !(await isThere(record))) orphans.push(simId);
  }
  return orphans;
}

function isThere(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
