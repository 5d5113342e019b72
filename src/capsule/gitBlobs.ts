import { MeshSimError } from '../base/errors.ts';
import { gitFailure, refetch, startGit } from './git.ts';
import type { GitCall } from './git.ts';
import { ByteReader } from './byteReader.ts';
import type { TreeEntry } from './gitTree.ts';

const LONGEST_HEADER_BYTES = 80;

/**
 * The contents of all entries, in order, in pieces as they come from one `git cat-file --batch`; memory stays at a few
 * pipe buffers whatever the files' sizes. A piece is good until the next one is asked for; an empty file yields none.
 * @throws MeshSimError `git-failed` when git ends early or answers another object than was asked for.
 */
export async function* blobPieces(
  where: Pick<GitCall, 'folder' | 'place'>,
  entries: readonly TreeEntry[],
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array, void> {
  if (entries.length === 0) return;
  const input = entries.map(({ id }) => `${id}\n`).join('');
  const call: GitCall = { ...where, args: ['cat-file', '--batch', '--buffer'], input, signal };
  const git = startGit(call);
  const ended = git.then(
    () => undefined,
    (error: unknown) => gitFailure(error, call),
  );
  const reader = new ByteReader(freedOnceRead(git.stdout));
  try {
    for (const entry of entries) {
      await expectHeader(reader, entry, where.folder);
      yield* reader.pieces(entry.size);
      await reader.take(1);
    }
  } catch (error) {
    if (error instanceof MeshSimError) throw error;
    throw (await ended) ?? gitFailure(error, call);
  } finally {
    git.kill();
  }
}

async function expectHeader(reader: ByteReader, entry: TreeEntry, folder: string): Promise<void> {
  const header = (await reader.line(LONGEST_HEADER_BYTES)).toString('latin1');
  if (header === `${entry.id} blob ${entry.size}`) return;
  const problem = header.endsWith(' missing')
    ? `lacks the content of "${entry.path}": get it with "${refetch(folder)}"`
    : `answered "${header}" for "${entry.path}": run "git fsck" there`;
  throw new MeshSimError('git-failed', `The repository ${folder} ${problem}.`);
}

/**
 * Each piece that comes out of a pipe has memory of its own. Left to the garbage collector, 16 MiB of it are enough to
 * set off a collection of the whole heap, several in each pack.
 */
async function* freedOnceRead(pieces: AsyncIterable<unknown>): AsyncGenerator<Uint8Array> {
  for await (const piece of pieces as AsyncIterable<Uint8Array<ArrayBuffer>>) {
    yield piece;
    // Memory that is shared with anything else would be larger than the piece.
    if (piece.buffer.byteLength === piece.length) piece.buffer.transfer(0);
  }
}
