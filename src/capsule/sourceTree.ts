import { setImmediate as turn } from 'node:timers/promises';
import { MeshSimError } from '../base/errors.ts';
import { DEFAULT_ARCHIVE_LIMITS } from './archiveLimits.ts';
import { inArchiveOrder } from './archiveOrder.ts';
import type { GitRepository } from './gitRepository.ts';
import type { TreeEntry } from './gitTree.ts';
import {
  CollisionGuard,
  longestLinkTarget,
  pathProblem,
  unsafe,
  type PathLimits,
} from './safePath.ts';

/** A file or link that is to be packed: where it will lie, and where its bytes are. */
export interface SourceEntry extends TreeEntry {
  /** Whose object it is. */
  readonly repository: GitRepository;
}

/** Some 5 ms: whoever else lives in this process (an editor's window, the Studio's streams) has its turn in between. */
const CHECKED_AT_ONCE = 1_000;

export const LINK_MODE = '120000';
const SUBMODULE_MODE = '160000';

/**
 * Everything below a tree in the order of its archive, with nothing read yet.
 * @throws MeshSimError `capsule-unsafe` for what `unpackArchive` would refuse by its name, kind or number
 */
export async function sourceEntries(
  repository: GitRepository,
  tree: string,
): Promise<SourceEntry[]> {
  const listed = await repository.listTree(tree, DEFAULT_ARCHIVE_LIMITS.maxEntries);
  await turn();
  const entries = inArchiveOrder(listed.map((entry) => ({ ...entry, repository })));
  await checkEntries(entries);
  return entries;
}

async function checkEntries(entries: readonly SourceEntry[]): Promise<void> {
  const limits = DEFAULT_ARCHIVE_LIMITS;
  const bytes = entries.reduce((total, { size }) => total + size, 0);
  if (entries.length > limits.maxEntries || bytes > limits.maxBytes / 2) {
    throw new MeshSimError(
      'capsule-unsafe',
      `A service's folder holds ${entries.length} files with ${bytes} bytes, more than a Capsule carries ` +
        `(${limits.maxEntries} files, ${limits.maxBytes / 2} bytes): keep build outputs and data sets out of git.`,
    );
  }
  const guard = new CollisionGuard();
  for (const [index, entry] of entries.entries()) {
    const { path, mode } = entry;
    if (index % CHECKED_AT_ONCE === 0) await turn();
    if (mode === SUBMODULE_MODE) {
      throw unsafe(path, 'is a git submodule, whose content this repository does not hold');
    }
    const problem = pathProblem(path, limits) ?? longLink(entry, limits) ?? guard.admit(path);
    if (problem !== undefined) throw unsafe(path, problem);
  }
}

/** Before it is read: git takes a blob of any size for where a link leads. */
function longLink({ mode, size }: TreeEntry, limits: PathLimits): string | undefined {
  const most = longestLinkTarget(limits);
  if (mode !== LINK_MODE || size <= most) return undefined;
  return `is a link whose target has ${size} bytes, more than ${most}`;
}
