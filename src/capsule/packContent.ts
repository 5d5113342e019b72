import { createHash } from 'node:crypto';
import type { Chunk } from '../model/capsule.ts';
import { archivePieces } from './archive.ts';
import { mapChunks } from './mapChunks.ts';
import type { ObjectStore } from './objectStore.ts';
import type { SourceEntry } from './sourceTree.ts';

export interface PackedContent {
  readonly archive: { readonly digest: string; readonly size: number };
  readonly chunks: Chunk[];
}

/** Stores the chunks of these entries' archive; they are durable only after `store.flush()`. */
export async function packContent(
  entries: readonly SourceEntry[],
  store: ObjectStore,
  signal?: AbortSignal,
): Promise<PackedContent> {
  const hash = createHash('sha256');
  let size = 0;
  const chunks = await mapChunks(archivePieces(entries, signal), async (bytes) => {
    hash.update(bytes);
    size += bytes.length;
    return { digest: await store.putUnflushed(bytes), size: bytes.length };
  });
  return { archive: { digest: hash.digest('hex'), size }, chunks };
}
