import path from 'node:path';
import { MeshSimError } from '../base/errors.ts';
import { rootOf } from '../model/serviceRoot.ts';
import { belongsTo } from './globs.ts';
import type { GitRepository } from './gitRepository.ts';
import type { ResolvedService } from './resolveServices.ts';
import type { SourceContent } from './sourceTree.ts';

const NAMED_IN_ERROR = 10;
/** A manifest stays small even when somebody packs beside an untracked folder of build outputs. */
const NAMED_IN_MANIFEST = 1_000;

/**
 * Files below the services' roots that differ from HEAD, of what belongs to them, submodules included. A service pinned to another
 * commit than HEAD is left out: its content was never meant to be the working copy's.
 */
export async function dirtyFiles(services: readonly ResolvedService[]): Promise<string[]> {
  const found = new Set<string>();
  const seen = new Set<SourceContent>();
  for (const resolved of services) {
    const { service, repository, commit, content } = resolved;
    const isHead = service.commit === 'HEAD' || commit === (await repository.resolveCommit('HEAD'));
    if (!isHead || seen.has(content)) continue;
    seen.add(content);
    const prefix = service.repo === '.' ? '' : `${service.repo}:`;
    for (const file of await changedIn(resolved)) {
      found.add(prefix + repository.fromTop(path.posix.join(rootOf(service), file)));
    }
  }
  const files = [...found].sort();
  if (files.length <= NAMED_IN_MANIFEST) return files;
  const rest = files.length - NAMED_IN_MANIFEST;
  return [...files.slice(0, NAMED_IN_MANIFEST), `(and ${rest} more)`];
}

/** Paths below the root, of what belongs to it. */
async function changedIn({ service, repository, content }: ResolvedService): Promise<string[]> {
  const places = [{ path: '', repository, folder: rootOf(service) }];
  for (const one of content.submodules) places.push({ ...one, folder: '.' });
  const belongs = belongsTo(service);
  const changed: string[] = [];
  for (const place of places) {
    for (const file of await place.repository.changedFiles(place.folder)) {
      const below = path.posix.join(place.path, file);
      const isSubmodule = content.submodules.some((one) => one.path === below);
      if (isSubmodule || belongs(below)) changed.push(below);
    }
  }
  return changed;
}

/**
 * The registry file itself, when it differs from HEAD: it is part of what a Capsule binds. A registry that stands outside
 * every repository, above the several that it names, cannot differ from a commit.
 */
export async function changedRegistry(
  file: string,
  open: (folder: string) => Promise<GitRepository>,
): Promise<string[]> {
  try {
    const repository = await open(path.dirname(file));
    const name = path.basename(file);
    return (await repository.changedFiles(name)).map(() => repository.fromTop(name));
  } catch (error) {
    if (error instanceof MeshSimError && error.code === 'not-a-repository') return [];
    throw error;
  }
}

/**
 * Whether a registry file was never committed, as one that was just drafted. A service's content does not have it, so it can be
 * rehearsed before it is committed; it is recorded as what differs from the commit, and no gate accepts it.
 */
export async function isNewRegistry(
  file: string,
  open: (folder: string) => Promise<GitRepository>,
): Promise<boolean> {
  const repository = await open(path.dirname(file));
  return !(await repository.isTracked(path.basename(file)));
}

export function refuseDirty(files: readonly string[]): MeshSimError {
  const named = files.slice(0, NAMED_IN_ERROR).join(', ');
  const rest = files.length > NAMED_IN_ERROR ? ` and ${files.length - NAMED_IN_ERROR} more` : '';
  return new MeshSimError(
    'dirty-tree',
    `Files differ from their commit (${named}${rest}): commit or stash them, or pack with --allow-dirty, which no gate accepts.`,
  );
}
