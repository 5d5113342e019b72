import { realpath } from 'node:fs/promises';
import path from 'node:path';
import { folded } from '../capsule/safePath.ts';
import type { Environments, Target } from '../model/environments.ts';

/** A folder of a machine. Where one lies in the other, or both are one, they touch. */
interface Place {
  readonly machine: string;
  /** Its names from the top, comparable. */
  readonly names: readonly string[];
  readonly shown: string;
}

/**
 * Where a target is, through whichever links. Undefined for commands: what they reach is their own concern. Of another
 * machine neither links nor other names of it are known, such as its address; its user is no part of it, but behind another port may be another machine.
 * @param folder relative paths start here
 */
async function placeOf(target: Target, folder: string): Promise<Place | undefined> {
  switch (target.kind) {
    case 'directory': {
      const shown = await realPath(path.resolve(folder, target.path));
      return { machine: '', names: namesOf(shown, path.sep), shown };
    }
    case 'ssh': {
      const host = target.host.replace(/^.*@/, '').toLowerCase().replace(/\.$/, '');
      const machine = `${host}:${target.port ?? 'default'}`;
      const there = path.posix.normalize(target.path).replace(/(.)\/$/, '$1');
      return { machine, names: namesOf(there, '/'), shown: `${target.host}:${there}` };
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

/** As file systems compare names that ignore case and Unicode composition: some do, and which one this is may change. */
function namesOf(place: string, separator: string): string[] {
  return place.split(separator).filter(Boolean).map(folded);
}

function contains(outer: Place, inner: Place): boolean {
  return outer.names.every((name, at) => inner.names[at] === name);
}

function touch(one: Place, other: Place): boolean {
  return one.machine === other.machine && (contains(one, other) || contains(other, one));
}

function relationOf(place: Place, other: Place): string {
  if (!contains(place, other)) return 'lies in the place of';
  return contains(other, place) ? 'is the place of' : 'has in it the place of';
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
 * What is wrong with the places of targets. Two environments in one place, or one inside the other's, would let what is deployed to one
 * replace what the other's gate let in; a deploy tidies its place up, so nothing else may be kept there.
 * @param folder of the product
 */
export async function targetProblems(
  { environments }: Environments,
  folder: string,
): Promise<TargetProblem[]> {
  const product = await realPath(folder);
  const problems: TargetProblem[] = [];
  const taken: (Place & { readonly name: string })[] = [];
  for (const [name, { target }] of Object.entries(environments)) {
    const place = await placeOf(target, folder);
    if (place === undefined) continue;
    const where = `environments.${name}.target`;
    if (target.kind === 'directory' && isTaken(place.shown, product)) {
      const clause = `${where}.path leads to ${place.shown}, where the product itself or its records are: name a folder of its own`;
      problems.push({ path: ['environments', name, 'target', 'path'], clause });
    }
    const other = taken.find((one) => touch(one, place));
    if (other !== undefined) {
      const clause = `${where} ${relationOf(place, other)} environments.${other.name} (${place.shown}), and one deploy would replace the other's past its gate: give each its own`;
      problems.push({ path: ['environments', name, 'target'], clause });
    }
    taken.push({ ...place, name });
  }
  return problems;
}
