import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { MeshSimError, messageOf, systemCode } from '../../base/errors.ts';
import { readRegularText } from '../../base/regularFile.ts';
import { issueProblem } from '../../capsule/schemaProblem.ts';
import {
  explorationSchema,
  type Exploration,
  type ExplorationList,
} from '../../model/explorationApi.ts';
import type { Workspace } from '../workspace/workspace.ts';

const SUFFIX = '.json';

/** All explorations of the workspace as they were written, newest first. What is no record of one is named. */
export async function listExplorations({ paths }: Workspace): Promise<ExplorationList> {
  const names = await readdir(paths.explorations).catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT') return [];
    throw error;
  });
  const explorations: Exploration[] = [];
  const unreadable: ExplorationList['unreadable'] = [];
  for (const file of names.filter((name) => name.endsWith(SUFFIX)).sort()) {
    try {
      explorations.push(await readExploration(path.join(paths.explorations, file)));
    } catch (error) {
      unreadable.push({ file, sentence: messageOf(error) });
    }
  }
  return { explorations: explorations.sort(newestFirst), unreadable };
}

/** @throws MeshSimError `exploration-unknown`, when there is no such record or it cannot be read */
export async function findExploration({ paths }: Workspace, id: string): Promise<Exploration> {
  const { success } = explorationSchema.shape.id.safeParse(id);
  const file = path.join(paths.explorations, `${id}${SUFFIX}`);
  try {
    if (success) return await readExploration(file);
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') {
      const sentence = `${path.relative(paths.folder, file)}: ${messageOf(error)}`;
      throw new MeshSimError('exploration-unknown', sentence, { cause: error });
    }
  }
  throw new MeshSimError('exploration-unknown', `This workspace has no exploration "${id}".`);
}

async function readExploration(file: string): Promise<Exploration> {
  const value: unknown = JSON.parse(await readRegularText(file));
  const { data, error } = explorationSchema.safeParse(value);
  if (data === undefined) {
    const [issue] = error.issues;
    const problem = issue && issueProblem(issue, value, 'the record');
    throw new MeshSimError('exploration-unknown', `${problem ?? 'it is none'}, or remove the file`);
  }
  if (`${data.id}${SUFFIX}` === path.basename(file)) return data;
  const sentence = `it is the record of ${data.id}, not the one of this name: remove it`;
  throw new MeshSimError('exploration-unknown', sentence);
}

function newestFirst(one: Exploration, other: Exploration): number {
  return other.startedAt.localeCompare(one.startedAt) || one.id.localeCompare(other.id);
}
