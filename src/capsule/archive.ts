import { DEFAULT_ARCHIVE_LIMITS } from './archiveLimits.ts';
import { contentPieces } from './contentPieces.ts';
import { linkProblem, unsafe } from './safePath.ts';
import { LINK_MODE, type SourceEntry } from './sourceTree.ts';
import { BLOCK_BYTES, encodeEntry, END_BLOCKS, paddingAfter } from './tarHeader.ts';
import type { ArchiveEntry } from './tarHeader.ts';

const KINDS: Readonly<Record<string, ArchiveEntry['kind']>> = {
  '100644': 'file',
  '100755': 'executable',
  [LINK_MODE]: 'link',
};

/**
 * The deterministic tar of what `sourceEntries` found, in pieces: entries in its order, content from git objects alone.
 * `git archive` would not do: it obeys the user's configuration and stamps times.
 * @throws MeshSimError `capsule-unsafe` for anything that `unpackArchive` would refuse.
 */
export async function* archivePieces(
  entries: readonly SourceEntry[],
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const pieces = contentPieces(
    entries.filter(({ size }) => size > 0),
    signal,
  );
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

function kindOf(entry: SourceEntry): ArchiveEntry['kind'] {
  const kind = KINDS[entry.mode];
  if (kind === undefined) throw unsafe(entry.path, `has the mode ${entry.mode}`);
  return kind;
}

function linkHeader(entry: SourceEntry, content: Uint8Array): Uint8Array {
  const target = Buffer.from(content).toString('utf8');
  const problem = Buffer.from(target).equals(content)
    ? linkProblem(entry.path, target, DEFAULT_ARCHIVE_LIMITS)
    : 'points to a name that is not UTF-8';
  if (problem !== undefined) throw unsafe(entry.path, problem);
  return encodeEntry({ path: entry.path, kind: 'link', size: 0, target });
}

/** The pieces of one entry: as many as make up its size. */
async function* piecesOf(
  pieces: AsyncGenerator<Uint8Array, void>,
  size: number,
): AsyncGenerator<Uint8Array> {
  let missing = size;
  while (missing > 0) {
    const next = await pieces.next();
    if (next.done === true) return;
    missing -= next.value.length;
    yield next.value;
  }
}

async function collect(pieces: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const part of pieces) parts.push(Uint8Array.from(part));
  return Buffer.concat(parts);
}
