import { createHash, randomBytes } from 'node:crypto';
import { lstat, mkdir, rename, rm, utimes } from 'node:fs/promises';
import path from 'node:path';
import { folderBytes } from '../../base/folderBytes.ts';
import { readRegularText, writeAfresh } from '../../base/regularFile.ts';
import { removeTree } from '../../base/removeTree.ts';
import { ABOUT_RESULT, type AboutResult } from '../../capsule/aboutResult.ts';
import { treeDigestOnDisk } from '../../capsule/treeDigest.ts';
import type { PackedService } from '../../model/capsule.ts';
import { copyTree } from './copyTree.ts';
import { treeStamp } from './treeStamp.ts';

/** Counts up when builds are judged by other rules: what was kept under earlier ones is built again. */
const BUILD_RULES = 3;
/** What a build depends on besides the signed content and the command. */
export interface BuildPlace {
  /** What of its environment may decide what it makes. */
  readonly env: Readonly<Record<string, string>>;
  /** Where the build finds itself: programs write that path into what they make. */
  readonly folder: string;
  /** The programs it runs with, see program.ts `programStamp`. */
  readonly programs: readonly string[];
}

/**
 * Names a build by all it depends on: the signed content, the command, its environment, its path, its programs, and the
 * machine's kind. What is built alike shares one result, across nodes and runs. Of secrets the names count, not the values: who
 * comes by a key is not to learn anything of them, and another token for the same registry fetches the same packages.
 */
export function buildKey(
  service: Pick<PackedService, 'archive' | 'build' | 'buildSecrets'>,
  { env, folder, programs }: BuildPlace,
): string {
  const { platform, arch } = process;
  const { archive, build, buildSecrets = [] } = service;
  const secrets = [...buildSecrets].sort();
  const words = [
    BUILD_RULES,
    archive.digest,
    build,
    env,
    secrets,
    folder,
    programs,
    platform,
    arch,
  ];
  return createHash('sha256').update(JSON.stringify(words)).digest('hex');
}

/**
 * Results of builds: `<folder>/<key>/tree` holds the files a build added to the signed ones, `<folder>/<key>/sha256` their
 * digest. No signature covers them, so a result that is not what its build left is never used, and built again. `stamp` tells
 * that nothing has touched them since the digest was last compared; `about.json` what it is. The folder's own time is that of its last use.
 */
export class BuildCache {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Copies a build's files beside the signed ones in `target`; false when there is no sound result of this build. */
  async restore(key: string, target: string): Promise<boolean> {
    const result = path.join(this.#folder, key);
    if (!(await markUsed(result)) || !(await isSound(result))) return false;
    // A signed file is never replaced by what a build left behind.
    await copyTree(path.join(result, TREE), target);
    return true;
  }

  /** Whether there is a sound result. */
  has(key: string): Promise<boolean> {
    return isSound(path.join(this.#folder, key));
  }

  /** Keeps what the build of a service added to `folder`; a sound result that is there already stays. */
  async save(key: string, { service, folder, signedPaths }: SavedBuild): Promise<void> {
    const result = path.join(this.#folder, key);
    const temporary = `${result}.${randomBytes(6).toString('hex')}.tmp`;
    await mkdir(temporary, { recursive: true });
    try {
      const tree = path.join(temporary, TREE);
      await copyTree(folder, tree);
      await Promise.all(signedPaths.map((file) => rm(path.join(tree, file), { force: true })));
      await writeAfresh(path.join(temporary, DIGEST), await treeDigestOnDisk(tree));
      await writeStamp(temporary);
      const builtAt = new Date().toISOString();
      const about: AboutResult = { service, bytes: await folderBytes(tree), builtAt };
      await writeAfresh(path.join(temporary, ABOUT_RESULT), JSON.stringify(about));
      if (await isSound(result)) return;
      await rename(result, `${temporary}.damaged`).catch(() => undefined);
      await rename(temporary, result).catch(async (error: unknown) => {
        // Another run kept its own meanwhile.
        if (!(await isSound(result))) throw error;
      });
    } finally {
      await removeTree(temporary);
      await removeTree(`${temporary}.damaged`);
    }
  }
}

interface SavedBuild {
  readonly service: string;
  readonly folder: string;
  readonly signedPaths: readonly string[];
}

/** False: there is none. On a disk that cannot be written it is used all the same. */
async function markUsed(result: string): Promise<boolean> {
  const now = new Date();
  await utimes(result, now, now).catch(() => undefined);
  return lstat(result).then(
    () => true,
    () => false,
  );
}

/** What nothing has touched is what it was; of anything else, such as a cache that was brought along, every byte is read. */
async function isSound(result: string): Promise<boolean> {
  try {
    const digest = await readRegularText(path.join(result, DIGEST));
    const stamp = await readRegularText(path.join(result, STAMP)).catch(() => undefined);
    if (stamp !== undefined && stamp === (await treeStamp(path.join(result, TREE)))) return true;
    if (digest !== (await treeDigestOnDisk(path.join(result, TREE)))) return false;
    await writeStamp(result).catch(() => undefined);
    return true;
  } catch {
    return false;
  }
}

async function writeStamp(result: string): Promise<void> {
  const stamp = await treeStamp(path.join(result, TREE));
  if (stamp !== undefined) await writeAfresh(path.join(result, STAMP), stamp);
}

const TREE = 'tree';
const DIGEST = 'sha256';
const STAMP = 'stamp';
