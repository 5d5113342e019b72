import { createHash, randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { cp, mkdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { readRegularText, writeAfresh } from '../../base/regularFile.ts';
import { treeDigestOnDisk } from '../../capsule/treeDigest.ts';
import type { PackedService } from '../../model/capsule.ts';

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
 * digest. No signature covers them, so a result that is not what its build left is never used, and built again.
 */
export class BuildCache {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Copies a build's files beside the signed ones in `target`; false when there is no sound result of this build. */
  async restore(key: string, target: string): Promise<boolean> {
    const result = path.join(this.#folder, key);
    if (!(await isSound(result))) return false;
    // A signed file is never replaced by what a build left behind.
    await cp(path.join(result, TREE), target, { ...COPY, force: false });
    return true;
  }

  /** Keeps what a build added to `folder`; a sound result that is there already stays. */
  async save(key: string, folder: string, signedPaths: readonly string[]): Promise<void> {
    const signed = new Set(signedPaths.map((file) => path.join(folder, file)));
    const result = path.join(this.#folder, key);
    const temporary = `${result}.${randomBytes(6).toString('hex')}.tmp`;
    await mkdir(temporary, { recursive: true });
    try {
      const tree = path.join(temporary, TREE);
      await cp(folder, tree, { ...COPY, filter: (source) => !signed.has(source) });
      await writeAfresh(path.join(temporary, DIGEST), await treeDigestOnDisk(tree));
      if (await isSound(result)) return;
      await rename(result, `${temporary}.damaged`).catch(() => undefined);
      await rename(temporary, result).catch(async (error: unknown) => {
        // Another run kept its own meanwhile.
        if (!(await isSound(result))) throw error;
      });
    } finally {
      await rm(temporary, { recursive: true, force: true });
      await rm(`${temporary}.damaged`, { recursive: true, force: true });
    }
  }
}

async function isSound(result: string): Promise<boolean> {
  try {
    const digest = await readRegularText(path.join(result, DIGEST));
    return digest === (await treeDigestOnDisk(path.join(result, TREE)));
  } catch {
    return false;
  }
}

const TREE = 'tree';
const DIGEST = 'sha256';
const COPY = {
  recursive: true,
  verbatimSymlinks: true,
  mode: constants.COPYFILE_FICLONE,
} as const;
