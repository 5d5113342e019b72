import { createHash } from 'node:crypto';
import { lstat, readlink } from 'node:fs/promises';
import path from 'node:path';
import { DEFAULT_ARCHIVE_LIMITS } from '../capsule/archiveLimits.ts';
import { archiveEntries } from '../capsule/archiveReader.ts';
import { ByteReader } from '../capsule/byteReader.ts';
import type { ObjectStore } from '../capsule/objectStore.ts';
import type { Capsule } from '../model/capsule.ts';
import { laidOutTrees } from '../model/laidOutTrees.ts';
import { sha256Hex } from '../signing/digest.ts';
import { archiveOf, linksTo, MANIFEST_FILE } from './release.ts';
import { sha256OfFile } from '../signing/fileDigest.ts';

/** One file or link of a release, as it was signed. */
export interface SignedFile {
  /** Below the release, with slashes. */
  readonly path: string;
  readonly kind: 'file' | 'executable' | 'link';
  /** SHA-256 of its content, or, of a link, where it leads. */
  readonly content: string;
}

/**
 * What a release of the Capsule consists of, read from the object store.
 * @throws MeshSimError `object-missing`, `object-corrupt`, `capsule-unsafe`
 */
export async function signedFiles(
  capsule: Capsule,
  store: ObjectStore,
  signal: AbortSignal,
): Promise<SignedFile[]> {
  const files: SignedFile[] = [
    { path: MANIFEST_FILE, kind: 'file', content: sha256Hex(capsule.bytes) },
  ];
  for (const tree of laidOutTrees(capsule.manifest)) {
    const reader = new ByteReader(archiveOf(store, tree, signal));
    for await (const { entry, content } of archiveEntries(reader, DEFAULT_ARCHIVE_LIMITS)) {
      const hash = createHash('sha256');
      for await (const piece of content) hash.update(piece);
      const signed = entry.kind === 'link' ? entry.target : hash.digest('hex');
      files.push({ path: `${tree.name}/${entry.path}`, kind: entry.kind, content: signed });
    }
    for (const name of linksTo(tree)) files.push({ path: name, kind: 'link', content: tree.name });
  }
  return files;
}

/** The folders on the way to the files. None may be a link: what is behind it is not the release. */
export function foldersOf(files: readonly SignedFile[]): string[] {
  const folders = new Set<string>();
  for (const { path: name } of files) {
    for (let at = name.indexOf('/'); at >= 0; at = name.indexOf('/', at + 1)) {
      folders.add(name.slice(0, at));
    }
  }
  return [...folders];
}

/** In the place of a path: the release is not there, or a link. */
export const WHOLE_RELEASE = 'its whole folder';

/** The paths below a folder of this machine that are missing or not as signed; what was added does not count. */
export async function alteredFiles(
  folder: string,
  files: readonly SignedFile[],
): Promise<string[]> {
  if (!(await isFolder(folder))) return [WHOLE_RELEASE];
  const altered: string[] = [];
  for (const name of foldersOf(files)) {
    if (!(await isFolder(path.join(folder, name)))) altered.push(name);
  }
  for (const file of files) {
    const isSame = await isAsSigned(path.join(folder, file.path), file).catch(() => false);
    if (!isSame) altered.push(file.path);
  }
  return altered;
}

/** A link to a folder is none. */
async function isFolder(name: string): Promise<boolean> {
  const found = await lstat(name).catch(() => undefined);
  return found?.isDirectory() === true;
}

const OWNER_MAY_EXECUTE = 0o100;

async function isAsSigned(file: string, { kind, content }: SignedFile): Promise<boolean> {
  const found = await lstat(file);
  if (kind === 'link') return found.isSymbolicLink() && (await readlink(file)) === content;
  if (!found.isFile()) return false;
  const mayExecute = (found.mode & OWNER_MAY_EXECUTE) !== 0;
  // Windows keeps no executable bit.
  if (process.platform !== 'win32' && mayExecute !== (kind === 'executable')) return false;
  return (await sha256OfFile(file)) === content;
}

const SHOWN = 3;

/** Names the first few of the paths. */
export function namedPaths(paths: readonly string[]): string {
  const shown = paths.slice(0, SHOWN).join(', ');
  return paths.length > SHOWN ? `${shown} and ${paths.length - SHOWN} more` : shown;
}
