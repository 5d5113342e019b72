import { createHash } from 'node:crypto';
import { messageOf, MeshSimError } from '../base/errors.ts';
import { regularPieces } from '../base/regularFile.ts';
import { blobPieces } from './gitBlobs.ts';
import type { LfsObject } from './lfs.ts';
import type { SourceEntry } from './sourceTree.ts';

/**
 * The contents of all entries, in order, in pieces: no piece has bytes of two entries, and each is good until the next is
 * asked for. Entries of one repository that follow each other are read by one git.
 * @throws MeshSimError `git-failed` for an object of Git LFS that is not what its pointer says, and as `blobPieces`
 */
export async function* contentPieces(
  entries: readonly SourceEntry[],
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array, void> {
  let start = 0;
  for (let entry = entries[start]; entry !== undefined; entry = entries[start]) {
    const { repository, lfs } = entry;
    let end = start + 1;
    if (lfs !== undefined) {
      signal?.throwIfAborted();
      yield* lfsPieces(entry, lfs);
    } else {
      while (isInGit(entries[end], repository)) end += 1;
      yield* blobPieces(repository.where, entries.slice(start, end), signal);
    }
    start = end;
  }
}

function isInGit(entry: SourceEntry | undefined, repository: SourceEntry['repository']): boolean {
  return entry?.repository === repository && entry.lfs === undefined;
}

async function* lfsPieces(
  { path, size, repository }: SourceEntry,
  { oid, file }: LfsObject,
): AsyncGenerator<Uint8Array, void> {
  const damaged = (what: string, cause?: unknown) =>
    new MeshSimError(
      'git-failed',
      `The content of "${path}" in Git LFS ${what}: mend it with "git -C ${repository.folder} lfs fsck", and fetch it again.`,
      { cause },
    );
  const hash = createHash('sha256');
  let missing = size;
  try {
    for await (const piece of regularPieces(file)) {
      missing -= piece.length;
      if (missing < 0) break;
      hash.update(piece);
      yield piece;
    }
  } catch (error) {
    throw damaged(`cannot be read (${messageOf(error)})`, error);
  }
  if (missing !== 0 || hash.digest('hex') !== oid) throw damaged('is not what its pointer says');
}
