import { createHash } from 'node:crypto';
import type { Chunk, PackedService } from '../model/capsule.ts';
import { archivePieces } from './archive.ts';
import { mapChunks } from './mapChunks.ts';
import type { ObjectStore } from './objectStore.ts';
import type { SourceContent } from './sourceTree.ts';

/** What a manifest says of a content. */
export type PackedContent = Pick<PackedService, 'tree' | 'submodules' | 'archive'> & {
  readonly chunks: Chunk[];
};

export type ContentPacker = (content: SourceContent) => Promise<PackedContent>;

/** Stores the chunks of contents, each content once; they are durable only after `store.flush()`. */
export function contentPacker(store: ObjectStore, signal?: AbortSignal): ContentPacker {
  const packed = new Map<SourceContent, Promise<PackedContent>>();
  return (content) => {
    const result = packed.get(content) ?? packContent(content, store, signal);
    packed.set(content, result);
    return result;
  };
}

async function packContent(
  { tree, entries, submodules }: SourceContent,
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
  const named = submodules.map(({ path, commit }) => ({ path, commit }));
  return {
    tree,
    ...(named.length === 0 ? {} : { submodules: named }),
    archive: { digest: hash.digest('hex'), size },
    chunks,
  };
}
