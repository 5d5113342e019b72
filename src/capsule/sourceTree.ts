import path from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { MeshSimError } from '../base/errors.ts';
import type { SourceService } from '../model/registry.ts';
import { pathInRoot, rootOf } from '../model/serviceRoot.ts';
import { DEFAULT_ARCHIVE_LIMITS } from './archiveLimits.ts';
import { inArchiveOrder } from './archiveOrder.ts';
import { belongsTo, globMatcher, mayHoldSome } from './globs.ts';
import type { GitRepository } from './gitRepository.ts';
import type { TreeEntry } from './gitTree.ts';
import { withLfsObjects, type LfsObject } from './lfs.ts';
import {
  CollisionGuard,
  longestLinkTarget,
  pathProblem,
  unsafe,
  type PathLimits,
} from './safePath.ts';
import { withSubmodules, type Submodule } from './submodules.ts';

/** A file or link that is to be packed: where it will lie, and where its bytes are. */
export interface SourceEntry extends TreeEntry {
  /** Whose object it is. */
  readonly repository: GitRepository;
  /** In the place of the object in git. */
  readonly lfs?: LfsObject;
}

/** Some 5 ms: whoever else lives in this process (an editor's window, the Studio's streams) has its turn in between. */
const CHECKED_AT_ONCE = 1_000;

export const LINK_MODE = '120000';

/** Narrowed, a root may lie in a repository of any size; this is some 150 MB of listing. */
const MOST_LISTED = 1_000_000;

/** What is to be packed of a root at a commit. */
export interface SourceContent {
  /** Git's id of the root's tree, whatever of it belongs to the root. */
  readonly tree: string;
  /** In the order of their archive. */
  readonly entries: readonly SourceEntry[];
  /** Those of which there are entries. */
  readonly submodules: readonly Submodule[];
}

type Selection = Pick<SourceService, 'repo' | 'root' | 'path' | 'include' | 'exclude' | 'lfs'>;

/**
 * Lists what services have at a commit, with nothing read yet; those that share a root are given the same content.
 * Rejects with MeshSimError `path-outside`, `registry-invalid`, `git-failed` or `unknown-commit` for a submodule that is not here,
 * or `capsule-unsafe` for what `unpackArchive` would refuse by its name, kind or number.
 */
export function sourceLister(signal?: AbortSignal) {
  const listed = new Map<string, Promise<SourceContent>>();
  return async (
    repository: GitRepository,
    commit: string,
    service: Selection,
  ): Promise<SourceContent> => {
    const { repo, include, exclude, lfs = false } = service;
    const key = JSON.stringify([repo, commit, rootOf(service), include, exclude, lfs]);
    const content = listed.get(key) ?? contentAt(repository, commit, service, signal);
    listed.set(key, content);
    assertFolder(await content, service);
    return content;
  };
}

async function contentAt(
  repository: GitRepository,
  commit: string,
  service: Selection,
  signal: AbortSignal | undefined,
): Promise<SourceContent> {
  const root = rootOf(service);
  const tree = await repository.treeAt(commit, root);
  const isWhole = service.include === undefined && service.exclude === undefined;
  const mostEntries = isWhole ? DEFAULT_ARCHIVE_LIMITS.maxEntries : MOST_LISTED;
  const listed = await repository.listTree(tree, mostEntries);
  await turn();
  const all = await withSubmodules(
    listed.map((entry) => ({ ...entry, repository })),
    {
      folder: path.resolve(repository.folder, root),
      mayHold: mayHoldSome(service),
      ...{ mostEntries, signal },
    },
  );
  const belongs = belongsTo(service);
  const own = isWhole ? all.entries : all.entries.filter((entry) => belongs(entry.path));
  assertSomething(own, all.entries, root, service.include);
  const commitOf = (found: GitRepository) =>
    all.submodules.find((one) => one.repository === found)?.commit ?? commit;
  const entries = inArchiveOrder(await withLfsObjects(own, service.lfs === true, commitOf, signal));
  await checkEntries(entries);
  const submodules = all.submodules.filter((one) =>
    entries.some((entry) => entry.path.startsWith(`${one.path}/`)),
  );
  return { tree, entries, submodules };
}

/** A pattern that names nothing was meant otherwise. */
function assertSomething(
  own: readonly TreeEntry[],
  listed: readonly TreeEntry[],
  root: string,
  include: readonly string[] | undefined,
): void {
  for (const pattern of include ?? []) {
    const matches = globMatcher(pattern);
    if (listed.some((entry) => matches(entry.path))) continue;
    throw new MeshSimError(
      'registry-invalid',
      `"include" names "${pattern}", and nothing committed in "${root}" is called so: correct it, relative to that root.`,
    );
  }
  if (own.length > 0 || listed.length === 0) return;
  throw new MeshSimError(
    'registry-invalid',
    `"include" and "exclude" leave nothing of "${root}": let some of its ${listed.length} files belong to it.`,
  );
}

/** The service is started in its own folder, so there has to be one. */
function assertFolder({ entries }: SourceContent, service: Selection): void {
  const own = pathInRoot(service);
  if (own === '.') return;
  const link = entries.find(
    (entry) => entry.mode === LINK_MODE && (own === entry.path || own.startsWith(`${entry.path}/`)),
  );
  if (link !== undefined) {
    throw new MeshSimError(
      'path-outside',
      `Path "${service.path}" goes through the symbolic link "${link.path}": name the real folder.`,
    );
  }
  if (entries.some((entry) => entry.path.startsWith(`${own}/`))) return;
  throw new MeshSimError(
    'registry-invalid',
    `Nothing of "${service.path}" is packed: correct the path, commit the folder, or let "include" and "exclude" leave something of it.`,
  );
}

async function checkEntries(entries: readonly SourceEntry[]): Promise<void> {
  const limits = DEFAULT_ARCHIVE_LIMITS;
  const bytes = entries.reduce((total, { size }) => total + size, 0);
  if (entries.length > limits.maxEntries || bytes > limits.maxBytes / 2) {
    throw new MeshSimError(
      'capsule-unsafe',
      `A service's folder holds ${entries.length} files with ${bytes} bytes, more than a Capsule carries ` +
        `(${limits.maxEntries} files, ${limits.maxBytes / 2} bytes): keep build outputs and data sets out of git, or "exclude" them.`,
    );
  }
  const guard = new CollisionGuard();
  for (const [index, entry] of entries.entries()) {
    if (index % CHECKED_AT_ONCE === 0) await turn();
    const problem =
      pathProblem(entry.path, limits) ?? longLink(entry, limits) ?? guard.admit(entry.path);
    if (problem !== undefined) throw unsafe(entry.path, problem);
  }
}

/** Before it is read: git takes a blob of any size for where a link leads. */
function longLink({ mode, size }: TreeEntry, limits: PathLimits): string | undefined {
  const most = longestLinkTarget(limits);
  if (mode !== LINK_MODE || size <= most) return undefined;
  return `is a link whose target has ${size} bytes, more than ${most}`;
}
