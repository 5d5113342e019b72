import { createHash, randomBytes } from 'node:crypto';
import { lstat, mkdir, rename, rm, symlink } from 'node:fs/promises';
import path from 'node:path';
import { messageOf, MeshSimError, systemCode } from '../base/errors.ts';
import { openRegular } from '../base/regularFile.ts';
import { DEFAULT_ARCHIVE_LIMITS } from './archiveLimits.ts';
import type { ArchiveLimits } from './archiveLimits.ts';
import { archiveEntries } from './archiveReader.ts';
import type { ReadEntry } from './archiveReader.ts';
import { ByteReader, EndOfBytes } from './byteReader.ts';

export interface UnpackOptions {
  /** The archive's bytes, in order; how they are cut does not matter. */
  readonly chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
  readonly archive: { readonly digest: string; readonly size: number };
  /** Must not exist; its parent folder must. */
  readonly target: string;
  readonly limits?: Partial<ArchiveLimits>;
}

/**
 * Rebuilds a service's tree. Everything is written into a hidden folder beside the target, which takes the target's
 * name only when the last byte was read and the digest matched: a tree is there whole and as signed, or not at all.
 * Resolves to the paths of its files and links, for `treeDigestOnDisk`.
 * @throws MeshSimError `capsule-unsafe` for content that is not what was signed or not fit to unpack, `disk-failed`.
 */
export async function unpackArchive(options: UnpackOptions): Promise<string[]> {
  const limits = { ...DEFAULT_ARCHIVE_LIMITS, ...options.limits };
  const { target, archive } = options;
  if (archive.size > limits.maxBytes) {
    throw new MeshSimError(
      'capsule-unsafe',
      `An archive of ${archive.size} bytes is above the limit of ${limits.maxBytes}: it is not unpacked.`,
    );
  }
  const suffix = randomBytes(6).toString('hex');
  const building = path.join(path.dirname(target), `.${path.basename(target)}.${suffix}.partial`);
  try {
    await refuseExisting(target);
    await mkdir(building);
    const paths = await build(building, options, limits);
    await rename(building, target);
    return paths;
  } catch (error) {
    await rm(building, { recursive: true, force: true });
    throw failure(error, target);
  }
}

async function build(
  root: string,
  { chunks, archive }: UnpackOptions,
  limits: ArchiveLimits,
): Promise<string[]> {
  const hash = createHash('sha256');
  const reader = new ByteReader(metered(chunks, archive.size, (piece) => hash.update(piece)));
  const paths: string[] = [];
  const links: { path: string; target: string }[] = [];
  const folders = new Set<string>([root]);
  for await (const read of archiveEntries(reader, limits)) {
    const { path: name, kind, target } = read.entry;
    paths.push(name);
    if (kind === 'link') {
      links.push({ path: name, target });
      continue;
    }
    await makeParent(root, name, folders);
    await writeFile(path.join(root, name), read);
  }
  if (hash.digest('hex') !== archive.digest) {
    throw new MeshSimError(
      'capsule-unsafe',
      `The archive's content does not have the signed digest ${archive.digest}: it is not unpacked.`,
    );
  }
  // Links come last: while files are written there is nothing that a path could be led through.
  for (const link of links) {
    await makeParent(root, link.path, folders);
    await symlink(link.target, path.join(root, link.path));
  }
  return paths;
}

async function* metered(
  chunks: UnpackOptions['chunks'],
  size: number,
  see: (piece: Uint8Array) => void,
): AsyncGenerator<Uint8Array> {
  let seen = 0;
  for await (const piece of chunks) {
    seen += piece.length;
    if (seen > size) {
      throw new MeshSimError(
        'capsule-unsafe',
        `The archive is longer than its signed ${size} bytes.`,
      );
    }
    see(piece);
    yield piece;
  }
}

async function makeParent(root: string, name: string, made: Set<string>): Promise<void> {
  const folder = path.join(root, path.posix.dirname(name));
  if (made.has(folder)) return;
  await mkdir(folder, { recursive: true });
  made.add(folder);
}

async function writeFile(file: string, { entry, content }: ReadEntry): Promise<void> {
  const mode = entry.kind === 'executable' ? 0o755 : 0o644;
  const handle = await openRegular(file, 'wx', mode);
  try {
    // The umask may have taken bits away; the signed mode is what counts.
    await handle.chmod(mode);
    for await (const piece of content) await handle.writeFile(piece);
  } finally {
    await handle.close();
  }
}

async function refuseExisting(target: string): Promise<void> {
  const found = await lstat(target).catch(() => undefined);
  if (found === undefined) return;
  throw new MeshSimError(
    'disk-failed',
    `Could not unpack to ${target} because it exists already: remove it first.`,
  );
}

function failure(error: unknown, target: string): MeshSimError {
  if (error instanceof MeshSimError) return error;
  if (error instanceof EndOfBytes) {
    return new MeshSimError(
      'capsule-unsafe',
      `The archive for ${target} is cut off: it is not unpacked.`,
      {
        cause: error,
      },
    );
  }
  const advice = systemCode(error) === 'ENOSPC' ? 'free some space' : 'check the disk';
  return new MeshSimError(
    'disk-failed',
    `Could not unpack to ${target} (${messageOf(error)}): ${advice} and try again.`,
    { cause: error },
  );
}
