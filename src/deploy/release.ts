import { randomBytes } from 'node:crypto';
import { mkdir, rename, rm, symlink } from 'node:fs/promises';
import path from 'node:path';
import { MeshSimError, messageOf, systemCode } from '../base/errors.ts';
import { writeAfresh } from '../base/regularFile.ts';
import type { ObjectStore } from '../capsule/objectStore.ts';
import { unpackArchive } from '../capsule/unpack.ts';
import type { Capsule } from '../model/capsule.ts';
import { laidOutTrees, type LaidOutTree } from '../model/laidOutTrees.ts';

/** The signed manifest, at the root of every release. */
export const MANIFEST_FILE = 'capsule.json';

export interface ReleaseOptions {
  readonly capsule: Capsule;
  readonly store: ObjectStore;
  /** Replaced when it exists: what lies there may have been altered since. */
  readonly folder: string;
  readonly signal: AbortSignal;
}

/** The bytes of a tree's archive (a tar), every chunk checked against its signed digest as it is read. */
export async function* archiveOf(
  store: ObjectStore,
  tree: LaidOutTree,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  for (const { digest } of tree.chunks) {
    signal.throwIfAborted();
    yield await store.get(digest);
  }
}

/**
 * Lays out a Capsule from the store: `capsule.json` and a folder for each service, which is a link to that of another where they
 * share a root. The working tree is never looked at.
 * The folder is there whole and as signed, or not at all.
 * @throws MeshSimError `object-missing`, `object-corrupt`, `capsule-unsafe`, `disk-failed`
 */
export async function unpackRelease({
  capsule,
  store,
  folder,
  signal,
}: ReleaseOptions): Promise<void> {
  const suffix = randomBytes(4).toString('hex');
  const building = path.join(path.dirname(folder), `.${path.basename(folder)}.${suffix}.partial`);
  const replaced = `${building}.old.partial`;
  try {
    await mkdir(building, { recursive: true });
    for (const tree of laidOutTrees(capsule.manifest)) {
      const target = path.join(building, tree.name);
      const chunks = archiveOf(store, tree, signal);
      await unpackArchive({ chunks, archive: tree.archive, target });
      for (const name of linksTo(tree)) await symlink(tree.name, path.join(building, name));
    }
    await writeAfresh(path.join(building, MANIFEST_FILE), capsule.bytes);
    signal.throwIfAborted();
    // It may be the active one, so it goes by a rename: removing its files takes longer.
    await rename(folder, replaced).catch(ignoreMissing);
    await rename(building, folder);
    await rm(replaced, { recursive: true, force: true });
  } catch (error) {
    await rm(building, { recursive: true, force: true }).catch(() => undefined);
    if (error instanceof MeshSimError || signal.aborted) throw error;
    throw new MeshSimError(
      'disk-failed',
      `The release could not be laid out in ${folder} (${messageOf(error)}): check that the disk has space and that you may write there.`,
      { cause: error },
    );
  }
}

/** The services whose folder in a release leads to that of the first. */
export function linksTo({ services }: LaidOutTree): string[] {
  return services.slice(1).map(({ name }) => name);
}

function ignoreMissing(error: unknown): void {
  if (systemCode(error) !== 'ENOENT') throw error;
}
