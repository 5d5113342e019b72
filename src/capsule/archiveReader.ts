import { MeshSimError } from '../base/errors.ts';
import type { ArchiveLimits } from './archiveLimits.ts';
import type { ByteReader } from './byteReader.ts';
import { CollisionGuard, linkProblem, pathProblem, unsafe } from './safePath.ts';
import {
  BLOCK_BYTES,
  decodeHeader,
  decodePax,
  encodeEntry,
  END_BLOCKS,
  paddingAfter,
} from './tarHeader.ts';
import type { ArchiveEntry, RawHeader } from './tarHeader.ts';

export interface ReadEntry {
  readonly entry: ArchiveEntry;
  /** To be read to its end before the next entry is asked for. */
  readonly content: AsyncIterable<Uint8Array>;
}

const KIND_OF_MODE: Readonly<Record<number, ArchiveEntry['kind']>> = {
  0o644: 'file',
  0o755: 'executable',
};
const LARGEST_PAX_BYTES = 16 * 1024;

/**
 * The entries of an archive, each checked before it is handed out. We write archives in exactly one form, so this
 * reads no other: whatever differs by a single byte from what `encodeEntry` gives is an attack or damage.
 * @throws MeshSimError `capsule-unsafe`, or EndOfBytes when the archive is cut off.
 */
export async function* archiveEntries(
  bytes: ByteReader,
  limits: ArchiveLimits,
): AsyncGenerator<ReadEntry> {
  const guard = new CollisionGuard();
  let previous = Buffer.alloc(0);
  let count = 0;
  for (;;) {
    const entry = await nextEntry(bytes);
    if (entry === undefined) break;
    count += 1;
    if (count > limits.maxEntries) throw refused(`it has more than ${limits.maxEntries} entries`);
    const key = Buffer.from(entry.path);
    if (Buffer.compare(previous, key) >= 0) throw unsafe(entry.path, 'is out of order or repeated');
    previous = key;
    const problem = pathProblem(entry.path, limits) ?? guard.admit(entry.path);
    if (problem !== undefined) throw unsafe(entry.path, problem);
    checkContent(entry, limits);
    yield { entry, content: bytes.pieces(entry.size) };
    await expectZeros(bytes, paddingAfter(entry.size));
  }
  await expectZeros(bytes, (END_BLOCKS - 1) * BLOCK_BYTES);
  if (!(await bytes.atEnd())) throw refused('it goes on after its end');
}

function checkContent(entry: ArchiveEntry, limits: ArchiveLimits): void {
  if (entry.size > limits.maxBytes) throw unsafe(entry.path, `is above ${limits.maxBytes} bytes`);
  if (entry.kind !== 'link') return;
  const problem = linkProblem(entry.path, entry.target, limits);
  if (problem !== undefined) throw unsafe(entry.path, problem);
}

/** Undefined at the first block of zeros. */
async function nextEntry(bytes: ByteReader): Promise<ArchiveEntry | undefined> {
  const first = Buffer.from(await bytes.take(BLOCK_BYTES));
  if (isZero(first)) return undefined;
  let raw = decodeHeader(first);
  const read = [first];
  let records = new Map<string, Buffer>();
  if (raw.type === 'x') {
    if (!(raw.size <= LARGEST_PAX_BYTES)) throw refused('it has an oversized pax header');
    const body = Buffer.from(await bytes.take(raw.size + paddingAfter(raw.size)));
    const own = Buffer.from(await bytes.take(BLOCK_BYTES));
    records = decodePax(body.subarray(0, raw.size)) ?? records;
    raw = decodeHeader(own);
    read.push(body, own);
  }
  const entry = entryOf(raw, records);
  if (!encodeEntry(entry).equals(Buffer.concat(read))) {
    throw unsafe(entry.path, 'has a header that this product does not write');
  }
  return entry;
}

function entryOf(raw: RawHeader, records: ReadonlyMap<string, Buffer>): ArchiveEntry {
  const path = utf8(records.get('path') ?? raw.name);
  const target = utf8(records.get('linkpath') ?? raw.link);
  const kind = raw.type === '2' ? 'link' : raw.type === '0' ? KIND_OF_MODE[raw.mode] : undefined;
  if (kind === undefined) {
    throw unsafe(
      path,
      'is no plain file or symbolic link (hard links, devices and the like are refused)',
    );
  }
  if (kind === 'link' ? raw.size !== 0 || target === '' : target !== '') {
    throw unsafe(path, 'mixes up content and link target');
  }
  if (!Number.isSafeInteger(raw.size)) throw unsafe(path, 'has no readable size');
  return { path, kind, size: raw.size, target };
}

function utf8(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    throw new MeshSimError(
      'capsule-unsafe',
      'The archive has a name that is not UTF-8: do not use this Capsule.',
      { cause: error },
    );
  }
}

async function expectZeros(bytes: ByteReader, size: number): Promise<void> {
  if (!isZero(await bytes.take(size))) throw refused('it hides bytes in its padding');
}

function isZero(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0);
}

function refused(problem: string): MeshSimError {
  return new MeshSimError('capsule-unsafe', `The archive is refused because ${problem}.`);
}
