import { createHash, randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { cp, mkdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { CapsuleService } from '../../model/capsule.ts';

/**
 * What a build depends on: the signed content, the command, its environment, and the machine's kind. Services of equal
 * content that are built alike share one result, across nodes and runs.
 */
export function buildKey(
  service: Pick<CapsuleService, 'archive' | 'build'>,
  env: Readonly<Record<string, string>>,
): string {
  const words = [service.archive.digest, service.build, env, process.platform, process.arch];
  return createHash('sha256').update(JSON.stringify(words)).digest('hex');
}

/** Results of builds: `<folder>/<key>` holds the files a build added to the signed ones. */
export class BuildCache {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Copies a build's files beside the signed ones in `target`; false when nobody has built this yet. */
  async restore(key: string, target: string): Promise<boolean> {
    const source = path.join(this.#folder, key);
    if ((await stat(source).catch(() => undefined)) === undefined) return false;
    // A signed file is never replaced by what a build left behind.
    await cp(source, target, { ...COPY, force: false });
    return true;
  }

  /** Keeps what a build added to `folder`; a result that is there already stays. */
  async save(key: string, folder: string, signedPaths: readonly string[]): Promise<void> {
    const signed = new Set(signedPaths.map((file) => path.join(folder, file)));
    const temporary = path.join(this.#folder, `${key}.${randomBytes(6).toString('hex')}.tmp`);
    await mkdir(this.#folder, { recursive: true });
    try {
      await cp(folder, temporary, { ...COPY, filter: (source) => !signed.has(source) });
      await rename(temporary, path.join(this.#folder, key)).catch(async (error: unknown) => {
        const other = await stat(path.join(this.#folder, key)).catch(() => undefined);
        if (other === undefined) throw error;
      });
    } finally {
      await rm(temporary, { recursive: true, force: true });
    }
  }
}

const COPY = {
  recursive: true,
  verbatimSymlinks: true,
  mode: constants.COPYFILE_FICLONE,
} as const;
