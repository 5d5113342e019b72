import { realpath } from 'node:fs/promises';
import path from 'node:path';
import type { Environments, Target } from '../model/environments.ts';

/**
 * Where a target is, comparable: two that are equal are one place, through whichever links. Undefined for commands: what they
 * reach is their own concern.
 * @param folder relative paths start here
 */
async function placeOf(target: Target, folder: string): Promise<string | undefined> {
  switch (target.kind) {
    case 'directory':
      return realPath(path.resolve(folder, target.path));
    case 'ssh': {
      const folderThere = path.posix.normalize(target.path).replace(/(.)\/$/, '$1');
      return `${target.host}:${target.port ?? 'default'}:${folderThere}`;
    }
    case 'command':
      return undefined;
  }
}

/** Of what is not there yet, the real path of the nearest folder that is. */
async function realPath(wanted: string): Promise<string> {
  try {
    return await realpath(wanted);
  } catch {
    const parent = path.dirname(wanted);
    return parent === wanted ? wanted : path.join(await realPath(parent), path.basename(wanted));
  }
}

function isWithin(inner: string, outer: string): boolean {
  const way = path.relative(outer, inner);
  return way === '' || !(way === '..' || way.startsWith(`..${path.sep}`) || path.isAbsolute(way));
}

const RECORDS = ['.git', '.meshsim'];

function isTaken(place: string, product: string): boolean {
  return place === product || RECORDS.some((name) => isWithin(place, path.join(product, name)));
}

export interface TargetProblem {
  /** Of the value in the file. */
  readonly path: readonly string[];
  /** The rest of a sentence that begins with the file's name. */
  readonly clause: string;
}

/**
 * What is wrong with the places of targets. Two environments in one place would let what is deployed to one
 * replace what the other's gate let in; a deploy tidies its place up, so nothing else may be kept there.
 * @param folder of the product
 */
export async function targetProblems(
  { environments }: Environments,
  folder: string,
): Promise<TargetProblem[]> {
  const product = await realPath(folder);
  const problems: TargetProblem[] = [];
  const takenBy = new Map<string, string>();
  for (const [name, { target }] of Object.entries(environments)) {
    const place = await placeOf(target, folder);
    if (place === undefined) continue;
    const where = `environments.${name}.target`;
    if (target.kind === 'directory' && isTaken(place, product)) {
      const clause = `${where}.path leads to ${place}, where the product itself or its records are: name a folder of its own`;
      problems.push({ path: ['environments', name, 'target', 'path'], clause });
    }
    const other = takenBy.get(place);
    if (other === undefined) takenBy.set(place, name);
    else {
      const clause = `${where} is the place of environments.${other} (${place}), and one deploy would replace the other's past its gate: give each its own`;
      problems.push({ path: ['environments', name, 'target'], clause });
    }
  }
  return problems;
}
