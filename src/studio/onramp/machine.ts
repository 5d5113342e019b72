import { mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import {
  lookAtMachine,
  machineHas,
  machineHasRequired,
  type MachineLook,
} from '../../runtime/real/machineLook.ts';
import { cacheFolder, makePrivateFolder } from '../../base/cacheFolder.ts';
import type { WorkspaceOptions } from '../workspace/workspace.ts';

export type MachineOptions = Pick<WorkspaceOptions, 'bundleFolder' | 'environment'>;

/** @throws MeshSimError `disk-failed` */
export async function lookHere({
  bundleFolder,
  environment,
}: MachineOptions): Promise<MachineLook> {
  const looks = await makePrivateFolder(cacheFolder(environment), 'looks');
  const folder = await mkdtemp(path.join(looks, 'look-'));
  try {
    return await lookAtMachine(bundleFolder, folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

export function hasProgram({ environment }: MachineOptions): (program: string) => boolean {
  const searchPath = environment.PATH ?? environment.Path ?? '';
  return (program) => machineHas(program, searchPath);
}

/** The same for a program that a service requires of the machine, wherever that is looked for. */
export function hasRequired({ environment }: MachineOptions): (program: string) => boolean {
  const searchPath = environment.PATH ?? environment.Path ?? '';
  return (program) => machineHasRequired(program, searchPath);
}
