import { stat } from 'node:fs/promises';
import path from 'node:path';
import { MeshSimError } from '../base/errors.ts';
import { contentPieces } from './contentPieces.ts';
import { runGit } from './git.ts';
import type { GitRepository } from './gitRepository.ts';
import type { SourceEntry } from './sourceTree.ts';

/** What git has of a file that Git LFS keeps elsewhere (git-lfs/docs/spec.md, v1, without extensions). */
const POINTER =
  /^version https:\/\/(?:git-lfs|hawser)\.github\.com\/spec\/v1\noid sha256:([0-9a-f]{64})\nsize (\d{1,16})\n$/;
/** Of a pointer, whichever of both hosts it names. */
const POINTER_BYTES = { least: 120, most: 145 };

/** The content of a file, in the place of the pointer that git has. */
export interface LfsObject {
  /** SHA-256 of the content. */
  readonly oid: string;
  readonly file: string;
}

/**
 * Gives pointers of Git LFS the content they stand for, where the clone has it; it is compared with the pointer when it is read.
 * @param isWanted the service says `lfs`
 * @param commitOf what of a repository is packed
 * @throws MeshSimError `registry-invalid` for a pointer where it is not wanted, `git-failed` for an object that is not here
 */
export async function withLfsObjects(
  entries: readonly SourceEntry[],
  isWanted: boolean,
  commitOf: (repository: GitRepository) => string,
  signal?: AbortSignal,
): Promise<readonly SourceEntry[]> {
  const maybe = entries.filter(isAsLargeAsAPointer);
  const texts = await textsOf(maybe, signal);
  const storages = new Map<GitRepository, Promise<string>>();
  const found = new Map<SourceEntry, SourceEntry>();
  for (const [index, entry] of maybe.entries()) {
    const [, oid, size] = POINTER.exec(texts[index] ?? '') ?? [];
    if (oid === undefined) continue;
    if (!isWanted) {
      throw new MeshSimError(
        'registry-invalid',
        `"${entry.path}" is a pointer of Git LFS, not the content it stands for: add "lfs": true, or leave the file out with "exclude".`,
      );
    }
    const { repository } = entry;
    const storage = storages.get(repository) ?? storageOf(repository, signal);
    storages.set(repository, storage);
    const file = path.join(await storage, oid.slice(0, 2), oid.slice(2, 4), oid);
    await assertThere(entry, file, Number(size), commitOf(repository));
    found.set(entry, { ...entry, size: Number(size), lfs: { oid, file } });
  }
  return found.size === 0 ? entries : entries.map((entry) => found.get(entry) ?? entry);
}

function isAsLargeAsAPointer({ mode, size }: SourceEntry): boolean {
  return mode.startsWith('100') && size >= POINTER_BYTES.least && size <= POINTER_BYTES.most;
}

async function textsOf(entries: readonly SourceEntry[], signal?: AbortSignal): Promise<string[]> {
  const parts: Buffer[] = [];
  for await (const piece of contentPieces(entries, signal)) parts.push(Buffer.from(piece));
  const all = Buffer.concat(parts);
  let end = 0;
  return entries.map(({ size }) => all.toString('latin1', end, (end += size)));
}

/** Where the objects of a clone are: below its git folder, unless its configuration says otherwise. */
async function storageOf({ where }: GitRepository, signal?: AbortSignal): Promise<string> {
  const ask = async (...args: string[]) =>
    (await runGit({ ...where, args, world: 'user', signal })).toString('utf8').trim();
  const common = path.resolve(where.folder, await ask('rev-parse', '--git-common-dir'));
  const named = await ask('config', '--default', 'lfs', '--type', 'path', '--get', 'lfs.storage');
  return path.join(path.resolve(common, named), 'objects');
}

async function assertThere(
  { path: name, repository }: SourceEntry,
  file: string,
  size: number,
  commit: string,
): Promise<void> {
  const there = await stat(file).catch(() => undefined);
  if (there?.isFile() === true && there.size === size) return;
  throw new MeshSimError(
    'git-failed',
    `The content of "${name}" is in Git LFS, and not in this clone: get it with "git -C ${repository.folder} lfs fetch origin ${commit}", or leave the file out with "exclude".`,
  );
}
