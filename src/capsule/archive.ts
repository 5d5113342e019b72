import { setImmediate as turn } from 'node:timers/promises';
import { MeshSimError } from '../base/errors.ts';
import { DEFAULT_ARCHIVE_LIMITS } from './archiveLimits.ts';
import { inArchiveOrder } from './archiveOrder.ts';
import { blobPieces } from './gitBlobs.ts';
import type { BlobPiece } from './gitBlobs.ts';
import type { GitRepository } from './gitRepository.ts';
import type { TreeEntry } from './gitTree.ts';
import {
  CollisionGuard,
  linkProblem,
  longestLinkTarget,
  pathProblem,
  unsafe,
  type PathLimits,
} from './safePath.ts';
import { BLOCK_BYTES, encodeEntry, END_BLOCKS, paddingAfter } from './tarHeader.ts';
import type { ArchiveEntry } from './tarHeader.ts';

const KINDS: Readonly<Record<string, ArchiveEntry['kind']>> = {
  '100644': 'file',
  '100755': 'executable',
  '120000': 'link',
};

/** Some 5 ms: whoever else lives in this process (an editor's window, the Studio's streams) has its turn in between. */
const CHECKED_AT_ONCE = 1_000;

/**
 * The deterministic tar of a tree, in pieces: entries sorted by path bytes, content from git objects alone.
 * `git archive` would not do: it obeys the user's configuration and stamps times.
 * @throws MeshSimError `capsule-unsafe` for anything that `unpackArchive` would refuse.
 */
export async function* archivePieces(
  repository: GitRepository,
  tree: string,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const listed = await repository.listTree(tree, DEFAULT_ARCHIVE_LIMITS.maxEntries);
  await turn();
  const entries = inArchiveOrder(listed);
  await checkEntries(entries);
  const withContent = entries.filter(({ size }) => size > 0);
  const pieces = blobPieces(repository.where, withContent, signal);
  try {
    for (const entry of entries) {
      const content = piecesOf(pieces, entry.size);
      if (kindOf(entry) === 'link') {
        yield linkHeader(entry, await collect(content));
        continue;
      }
      yield encodeEntry({ path: entry.path, kind: kindOf(entry), size: entry.size, target: '' });
      yield* content;
      const padding = paddingAfter(entry.size);
      if (padding > 0) yield new Uint8Array(padding);
    }
  } finally {
    await pieces.return(undefined);
  }
  yield new Uint8Array(END_BLOCKS * BLOCK_BYTES);
}

async function checkEntries(entries: readonly TreeEntry[]): Promise<void> {
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
    if (mode === '160000') {
      throw unsafe(path, 'is a git submodule, whose content this repository does not hold');
    }
    const problem = pathProblem(path, limits) ?? longLink(entry, limits) ?? guard.admit(path);
    if (problem !== undefined) throw unsafe(path, problem);
  }
}

/** Before it is read: git takes a blob of any size for where a link leads. */
function longLink({ mode, size }: TreeEntry, limits: PathLimits): string | undefined {
  const most = longestLinkTarget(limits);
  if (KINDS[mode] !== 'link' || size <= most) return undefined;
  return `is a link whose target has ${size} bytes, more than ${most}`;
}

function kindOf(entry: TreeEntry): ArchiveEntry['kind'] {
  const kind = KINDS[entry.mode];
  if (kind === undefined) throw unsafe(entry.path, `has the mode ${entry.mode}`);
  return kind;
}

function linkHeader(entry: TreeEntry, content: Uint8Array): Uint8Array {
  const target = Buffer.from(content).toString('utf8');
  const problem = Buffer.from(target).equals(content)
    ? linkProblem(entry.path, target, DEFAULT_ARCHIVE_LIMITS)
    : 'points to a name that is not UTF-8';
  if (problem !== undefined) throw unsafe(entry.path, problem);
  return encodeEntry({ path: entry.path, kind: 'link', size: 0, target });
}

/** The pieces of one entry: as many as make up its size. */
async function* piecesOf(
  pieces: AsyncGenerator<BlobPiece, void>,
  size: number,
): AsyncGenerator<Uint8Array> {
  let missing = size;
  while (missing > 0) {
    const next = await pieces.next();
    if (next.done === true) return;
    missing -= next.value.bytes.length;
    yield next.value.bytes;
  }
}

async function collect(pieces: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const part of pieces) parts.push(Uint8Array.from(part));
  return Buffer.concat(parts);
}
