import { createHash } from 'node:crypto';
import type { Hash } from 'node:crypto';
import { lstat, readdir, readlink } from 'node:fs/promises';
import path from 'node:path';
import { MeshSimError } from '../base/errors.ts';
import { readRegular, regularPieces } from '../base/regularFile.ts';
import { inArchiveOrder } from './archiveOrder.ts';
import { BLOCK_BYTES, encodeEntry, END_BLOCKS, paddingAfter } from './tarHeader.ts';
import type { ArchiveEntry } from './tarHeader.ts';

/**
 * The archive digest of a folder as it is on the disk: equal to the service's `archive.digest` as long as nothing was
 * changed. With `paths` (what unpackArchive returned) only these count, so that files a build added do not matter;
 * a missing one gives another digest. Links are never followed. Needs a file system that keeps the executable bit.
 * @throws MeshSimError `capsule-unsafe` when something that is no file, folder or link lies in the folder.
 */
export async function treeDigestOnDisk(folder: string, paths?: readonly string[]): Promise<string> {
  const wanted = paths === undefined ? undefined : new Wanted(paths);
  const entries: ArchiveEntry[] = [];
  for await (const entry of entriesBelow(folder, '', wanted)) entries.push(entry);
  const hash = createHash('sha256');
  for await (const { entry, content } of readSome(folder, inArchiveOrder(entries))) {
    hash.update(encodeEntry(entry));
    if (content !== undefined) hashContent(hash, content, entry.size);
    else if (entry.kind !== 'link') await hashFile(hash, path.join(folder, entry.path), entry.size);
  }
  return hash.update(new Uint8Array(END_BLOCKS * BLOCK_BYTES)).digest('hex');
}

/** The paths that count, and the folders on the way to them. */
class Wanted {
  readonly #paths: ReadonlySet<string>;
  readonly #folders = new Set<string>();

  constructor(paths: readonly string[]) {
    this.#paths = new Set(paths);
    for (const name of paths) {
      for (let at = name.indexOf('/'); at >= 0; at = name.indexOf('/', at + 1)) {
        this.#folders.add(name.slice(0, at));
      }
    }
  }

  has(name: string): boolean {
    return this.#paths.has(name);
  }

  leadsTo(name: string): boolean {
    return this.#folders.has(name);
  }
}

async function* entriesBelow(
  root: string,
  folder: string,
  wanted: Wanted | undefined,
): AsyncGenerator<ArchiveEntry> {
  const found = await readdir(path.join(root, folder), { withFileTypes: true });
  const named = found.map((entry) => ({
    name: folder === '' ? entry.name : `${folder}/${entry.name}`,
    isFolder: entry.isDirectory(),
  }));
  const leaves = named.filter(({ name, isFolder }) => !isFolder && (wanted?.has(name) ?? true));
  yield* await Promise.all(leaves.map(({ name }) => entryAt(root, name)));
  for (const { name, isFolder } of named) {
    if (isFolder && (wanted?.leadsTo(name) ?? true)) yield* entriesBelow(root, name, wanted);
  }
}

const OWNER_MAY_EXECUTE = 0o100;

async function entryAt(root: string, name: string): Promise<ArchiveEntry> {
  const file = path.join(root, name);
  const found = await lstat(file);
  if (found.isSymbolicLink()) {
    return { path: name, kind: 'link', size: 0, target: await readlink(file) };
  }
  if (!found.isFile()) {
    throw new MeshSimError('capsule-unsafe', `${file} is no file, folder or link: remove it.`);
  }
  const kind = (found.mode & OWNER_MAY_EXECUTE) === 0 ? 'file' : 'executable';
  return { path: name, kind, size: found.size, target: '' };
}

/** Each step of reading a small file waits for a thread: while one is waited for, others are read. */
const AT_ONCE = 64;
/** A larger file is read in pieces when its turn comes. */
const SMALL_BYTES = 65_536;

interface ReadEntry {
  readonly entry: ArchiveEntry;
  /** Left out: it is no small file. */
  readonly content?: Uint8Array;
}

/** The entries in their order, with the content of small files. Throws what the first that cannot be read says. */
async function* readSome(
  folder: string,
  entries: readonly ArchiveEntry[],
): AsyncGenerator<ReadEntry> {
  for (let from = 0; from < entries.length; from += AT_ONCE) {
    const some = entries.slice(from, from + AT_ONCE);
    yield* await Promise.all(some.map((entry) => readEntry(folder, entry)));
  }
}

async function readEntry(folder: string, entry: ArchiveEntry): Promise<ReadEntry> {
  if (entry.kind === 'link' || entry.size > SMALL_BYTES) return { entry };
  const content = await readRegular(path.join(folder, entry.path));
  return { entry, content };
}

function hashContent(hash: Hash, content: Uint8Array, size: number): void {
  hash.update(content);
  hash.update(new Uint8Array(paddingAfter(size)));
}

/** Content and padding as in the archive. A file that grows or shrinks meanwhile just gives another digest. */
async function hashFile(hash: Hash, file: string, size: number): Promise<void> {
  for await (const piece of regularPieces(file)) hash.update(piece);
  hash.update(new Uint8Array(paddingAfter(size)));
}
