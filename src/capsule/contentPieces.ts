import { blobPieces } from './gitBlobs.ts';
import type { SourceEntry } from './sourceTree.ts';

/**
 * The contents of all entries, in order, in pieces: no piece has bytes of two entries, and each is good until the next is
 * asked for. Entries of one repository that follow each other are read by one git.
 * @throws MeshSimError as `blobPieces`
 */
export async function* contentPieces(
  entries: readonly SourceEntry[],
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array, void> {
  let start = 0;
  while (start < entries.length) {
    const repository = entries[start]?.repository;
    let end = start + 1;
    while (end < entries.length && entries[end]?.repository === repository) end += 1;
    const run = entries.slice(start, end);
    if (repository !== undefined) yield* blobPieces(repository.where, run, signal);
    start = end;
  }
}
