import { createHash, randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { copyFile, link, mkdir, rename, rm, utimes } from 'node:fs/promises';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { MeshSimError, systemCode } from '../../../base/errors.ts';
import { machineFault } from '../../../base/machineFault.ts';
import { sha256OfFile } from '../../../signing/fileDigest.ts';

/** Files that came over the pipe, by the SHA-256 of their bytes, kept from one run to the next. */
export class FileShelf {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Of these, the ones that are not here, or not as they came. */
  async missing(digests: readonly string[]): Promise<string[]> {
    const missing: string[] = [];
    for (const digest of new Set(digests)) {
      const file = this.#pathOf(digest);
      // Whatever cannot be read is sent anew.
      const found = await sha256OfFile(file).catch(() => undefined);
      if (found === digest) await utimes(file, new Date(), new Date());
      else missing.push(digest);
    }
    return missing;
  }

  /** @throws MeshSimError `object-corrupt` where other bytes came, `disk-failed` */
  async store(digest: string, bytes: Readable): Promise<void> {
    const temporary = path.join(this.#folder, `${randomUUID()}.tmp`);
    const hash = createHash('sha256');
    try {
      await pipeline(
        bytes,
        async function* (pieces: AsyncIterable<Buffer>) {
          for await (const piece of pieces) {
            hash.update(piece);
            yield piece;
          }
        },
        createWriteStream(temporary, { flags: 'wx', mode: 0o600 }),
      );
      const arrived = hash.digest('hex');
      if (arrived !== digest) {
        throw new MeshSimError(
          'object-corrupt',
          `a file arrived as ${arrived}, and was sent as ${digest}: check the connection, and the disk there`,
        );
      }
      await rename(temporary, this.#pathOf(digest));
    } catch (error) {
      await rm(temporary, { force: true });
      throw machineFault(error, { folder: this.#folder }) ?? error;
    }
  }

  /** Puts a file there under another name; `to` is a whole path. */
  async place(digest: string, to: string): Promise<void> {
    await mkdir(path.dirname(to), { recursive: true });
    const from = this.#pathOf(digest);
    try {
      await link(from, to);
    } catch (error) {
      if (systemCode(error) === 'EEXIST') return;
      // Some file systems have no second names.
      await copyFile(from, to);
    }
  }

  #pathOf(digest: string): string {
    return path.join(this.#folder, digest);
  }
}
