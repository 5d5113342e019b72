import { createHash } from 'node:crypto';
import type { Chunk } from '../model/capsule.ts';
import { archivePieces } from './archive.ts';
import { chunksOf } from './fastcdc.ts';
import type { GitRepository } from './gitRepository.ts';
import type { ObjectStore } from './objectStore.ts';

export interface PackedContent {
  readonly archive: { readonly digest: string; readonly size: number };
  readonly chunks: Chunk[];
}

/** Enough to keep the disk busy while git and the chunker work. */
const WRITES_AT_ONCE = 32;

/** Stores the chunks of a tree's archive; they are durable only after `store.flush()`. */
export async function packContent(
  repository: GitRepository,
  tree: string,
  store: ObjectStore,
  signal?: AbortSignal,
): Promise<PackedContent> {
  const hash = createHash('sha256');
  let size = 0;
  async function* measured(): AsyncGenerator<Uint8Array> {
    for await (const piece of archivePieces(repository, tree, signal)) {
      hash.update(piece);
      size += piece.length;
      yield piece;
    }
  }
  const chunks: Promise<Chunk>[] = [];
  try {
    for await (const bytes of chunksOf(measured())) {
      chunks.push(store.putUnflushed(bytes).then((digest) => ({ digest, size: bytes.length })));
      await chunks.at(-WRITES_AT_ONCE);
    }
  } finally {
    // A write that fails while another is awaited must not become an unhandled rejection.
    await Promise.allSettled(chunks);
  }
  return { archive: { digest: hash.digest('hex'), size }, chunks: await Promise.all(chunks) };
}
