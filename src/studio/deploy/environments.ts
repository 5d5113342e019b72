import { existsSync } from 'node:fs';
import path from 'node:path';
import {
  ENVIRONMENTS_FILE,
  environmentNamed,
  readEnvironments,
} from '../../deploy/environmentsFile.ts';
import type { Environment, Environments } from '../../model/environments.ts';
import type { Workspace } from '../workspace/workspace.ts';

/** The environments of this workspace; none without a file. @throws MeshSimError `environments-invalid` */
export function environmentsOf(workspace: Workspace): Promise<Environments> {
  return readEnvironments(fileOf(workspace));
}

/** @throws MeshSimError `environment-unknown`, `environments-invalid` */
export async function environmentOf(workspace: Workspace, name: string): Promise<Environment> {
  return environmentNamed(await environmentsOf(workspace), name, ENVIRONMENTS_FILE);
}

/** Whether anything was described here, rightly or not. */
export function hasEnvironments(workspace: Workspace): boolean {
  return existsSync(fileOf(workspace));
}

function fileOf(workspace: Workspace): string {
  return path.join(workspace.paths.folder, ENVIRONMENTS_FILE);
}
