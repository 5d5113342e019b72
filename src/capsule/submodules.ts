import path from 'node:path';
import { MeshSimError } from '../base/errors.ts';
import { DEFAULT_ARCHIVE_LIMITS } from './archiveLimits.ts';
import { GitRepository } from './gitRepository.ts';
import { pathProblem, unsafe } from './safePath.ts';
import type { SourceEntry } from './sourceTree.ts';

const SUBMODULE_MODE = '160000';

/** A submodule that is packed: its files at the commit it points to. */
export interface Submodule {
  /** Below the root. */
  readonly path: string;
  readonly commit: string;
  readonly repository: GitRepository;
}

export interface Expansion {
  readonly entries: readonly SourceEntry[];
  /** Also those inside others, each after the one that holds it. */
  readonly submodules: readonly Submodule[];
}

export interface ExpandOptions {
  /** Where the root is checked out, an absolute path. */
  readonly folder: string;
  /** Whether anything below a folder of the root may belong to it: other submodules need not be there. */
  readonly mayHold: (folder: string) => boolean;
  readonly mostEntries: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Puts the files of submodules in the place of the submodules, at the commits they point to.
 * @throws MeshSimError `git-failed` with the command that checks one out, `unknown-commit` with the one that fetches its commit
 */
export async function withSubmodules(
  listed: readonly SourceEntry[],
  options: ExpandOptions,
): Promise<Expansion> {
  const entries: SourceEntry[] = [];
  const submodules: Submodule[] = [];
  for (const entry of listed) {
    if (entry.mode !== SUBMODULE_MODE) entries.push(entry);
    else if (options.mayHold(entry.path)) {
      const inner = await expanded(entry, options);
      entries.push(...inner.entries);
      submodules.push(...inner.submodules);
    }
  }
  return { entries, submodules };
}

async function expanded(entry: SourceEntry, options: ExpandOptions): Promise<Expansion> {
  const problem = pathProblem(entry.path, DEFAULT_ARCHIVE_LIMITS);
  if (problem !== undefined) throw unsafe(entry.path, problem);
  const repository = await checkedOut(entry, options);
  const commit = await repository.resolveCommit(entry.id);
  const tree = await repository.treeAt(commit, '.');
  const listed = await repository.listTree(tree, options.mostEntries);
  const own = listed.map((one) => ({ ...one, repository, path: `${entry.path}/${one.path}` }));
  const inner = await withSubmodules(own, options);
  const found = { path: entry.path, commit, repository };
  return { entries: inner.entries, submodules: [found, ...inner.submodules] };
}

/** @throws MeshSimError `git-failed` */
async function checkedOut(
  { path: name, repository }: SourceEntry,
  { folder, signal }: ExpandOptions,
): Promise<GitRepository> {
  const place = path.join(folder, name);
  try {
    const found = await GitRepository.open(place, signal);
    // An empty folder is found to be in the repository around it.
    if (found.isTop) return found;
  } catch (error) {
    if (!(error instanceof MeshSimError) || error.code !== 'not-a-repository') throw error;
  }
  const remedy = repository.isBare
    ? 'name a clone that was made with "git clone --recurse-submodules" as its repo'
    : `run "git -C ${repository.folder} submodule update --init --recursive"`;
  throw new MeshSimError(
    'git-failed',
    `The submodule "${name}" is not checked out at ${place}: ${remedy}, or leave it out with "exclude".`,
  );
}
