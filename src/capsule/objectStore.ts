import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { zstdDecompressSync } from 'node:zlib';
import { diskFailure } from '../base/diskFailure.ts';
import { MeshSimError, systemCode } from '../base/errors.ts';
import { IrregularFile } from '../base/regularFile.ts';
import { syncFolder } from '../base/syncFolder.ts';
import { sha256Hex } from '../signing/digest.ts';
import { ChunkCompressor } from './chunkCompressor.ts';
import { readUpTo, writeSynced } from './objectFile.ts';

/** No object is larger: chunks end at 256 KiB, and a manifest of this size would describe some 30 GiB. */
export const MAX_OBJECT_BYTES = 64 * 1024 * 1024;
/** zstd adds at most about 0.4 % and a few bytes to what it cannot compress. */
const MAX_FILE_BYTES = MAX_OBJECT_BYTES + MAX_OBJECT_BYTES / 128 + 1024;
/** A temporary file this old belongs to no living writer: writing one object takes milliseconds. */
const ABANDONED_AFTER_MS = 15 * 60_000;
const DIGEST = /^[0-9a-f]{64}$/;

export interface ObjectStoreOptions {
  /** Writes a new file and flushes it to the disk; replaced in tests to play a full disk. */
  readonly write?: (file: string, bytes: Uint8Array) => Promise<void>;
}

/**
 * A content-addressed folder, `<folder>/aa/bbbb…`: the name is the SHA-256 of the plain bytes, the file holds them
 * zstd-compressed. Any number of processes may write to one folder at the same time.
 */
export class ObjectStore {
  readonly folder: string;
  readonly #write: (file: string, bytes: Uint8Array) => Promise<void>;
  readonly #compressor = new ChunkCompressor();
  readonly #unsyncedFolders = new Set<string>();
  #prepared: Promise<void> | undefined;
  #flushing: Promise<void> = Promise.resolve();

  constructor(folder: string, options: ObjectStoreOptions = {}) {
    this.folder = folder;
    this.#write = options.write ?? writeSynced;
  }

  /**
   * Stores the bytes and returns their digest; they survive a power cut once this resolves. Storing them again
   * costs a check, and repairs an object whose file was damaged.
   * @throws MeshSimError `disk-failed` with nothing half-written left behind.
   */
  async put(bytes: Uint8Array): Promise<string> {
    const digest = await this.putUnflushed(bytes);
    await this.flush();
    return digest;
  }

  /** Like `put`, for many objects in a row: they survive a power cut once `flush` has resolved. */
  async putUnflushed(bytes: Uint8Array): Promise<string> {
    if (bytes.length > MAX_OBJECT_BYTES) {
      throw new MeshSimError(
        'disk-failed',
        `An object of ${bytes.length} bytes is above the store's limit of ${MAX_OBJECT_BYTES}: split it.`,
      );
    }
    const digest = sha256Hex(bytes);
    if (await this.holdsIntact(digest)) return digest;
    try {
      const compressed = await this.#compressor.compress(bytes);
      await this.#place(digest, compressed);
    } catch (error) {
      throw diskFailure(`Could not write ${this.pathOf(digest)}`, error);
    }
    return digest;
  }

  /** Makes the names of all objects put so far durable, also of those that another call is flushing right now. */
  async flush(): Promise<void> {
    const mine = this.#flushing.then(() => this.#flushFolders());
    this.#flushing = mine.catch(() => undefined);
    await mine;
  }

  async #flushFolders(): Promise<void> {
    const folders = [...this.#unsyncedFolders];
    this.#unsyncedFolders.clear();
    try {
      await Promise.all(folders.map(syncFolder));
    } catch (error) {
      for (const folder of folders) this.#unsyncedFolders.add(folder);
      throw diskFailure(`Could not flush ${this.folder}`, error);
    }
  }

  /**
   * The plain bytes of an object, checked against its digest.
   * @throws MeshSimError `object-missing`, or `object-corrupt` when the file does not hold what its name says.
   */
  async get(digest: string): Promise<Uint8Array> {
    const file = this.pathOf(digest);
    let compressed: Buffer | undefined;
    try {
      compressed = await readUpTo(file, MAX_FILE_BYTES);
    } catch (error) {
      if (error instanceof IrregularFile) throw corrupt(digest, file);
      if (systemCode(error) !== 'ENOENT') throw diskFailure(`Could not read ${file}`, error);
      throw new MeshSimError(
        'object-missing',
        `Object ${digest} is not in ${this.folder}: pack the Capsule again, or copy its objects here.`,
        { cause: error },
      );
    }
    const bytes = compressed === undefined ? undefined : decompress(compressed);
    if (bytes === undefined || sha256Hex(bytes) !== digest) throw corrupt(digest, file);
    return bytes;
  }

  /** Whether an object of this digest is stored; `get` is what checks its bytes. */
  async has(digest: string): Promise<boolean> {
    try {
      return (await stat(this.pathOf(digest))).isFile();
    } catch (error) {
      if (systemCode(error) === 'ENOENT') return false;
      throw diskFailure(`Could not read ${this.pathOf(digest)}`, error);
    }
  }

  /** Where an object's compressed file is, or would be. */
  pathOf(digest: string): string {
    if (!DIGEST.test(digest)) {
      throw new MeshSimError(
        'object-missing',
        `"${digest}" names no object: a digest has 64 lower-case hex digits.`,
      );
    }
    return path.join(this.folder, digest.slice(0, 2), digest.slice(2));
  }

  /** Whether it is there, and is what its name says. @throws MeshSimError `disk-failed` */
  async holdsIntact(digest: string): Promise<boolean> {
    if (!existsSync(this.pathOf(digest))) return false;
    try {
      await this.get(digest);
      return true;
    } catch (error) {
      if (error instanceof MeshSimError && error.code !== 'disk-failed') return false;
      throw error;
    }
  }

  async #place(digest: string, compressed: Uint8Array): Promise<void> {
    try {
      await this.#placeInFolders(digest, compressed);
    } catch (error) {
      if (systemCode(error) !== 'ENOENT') throw error;
      // Somebody removed the store, to begin anew, after this process had made its folders.
      this.#prepared = undefined;
      this.#unsyncedFolders.delete(path.dirname(this.pathOf(digest)));
      await this.#placeInFolders(digest, compressed);
    }
  }

  async #placeInFolders(digest: string, compressed: Uint8Array): Promise<void> {
    this.#prepared ??= prepareTemporaryFolder(this.#temporaryFolder);
    await this.#prepared;
    const temporary = path.join(this.#temporaryFolder, randomUUID());
    const file = this.pathOf(digest);
    const folder = path.dirname(file);
    try {
      await this.#write(temporary, compressed);
      if (!this.#unsyncedFolders.has(folder)) {
        if (mkdirSync(folder, { recursive: true }) !== undefined) {
          this.#unsyncedFolders.add(this.folder);
        }
      }
      renameSync(temporary, file);
      this.#unsyncedFolders.add(folder);
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
  }

  get #temporaryFolder(): string {
    return path.join(this.folder, 'tmp');
  }
}

async function prepareTemporaryFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const oldest = Date.now() - ABANDONED_AFTER_MS;
  for (const name of await readdir(folder)) {
    const file = path.join(folder, name);
    const found = await stat(file).catch(() => undefined);
    if (found !== undefined && found.mtimeMs < oldest) await rm(file, { force: true });
  }
}

/** Undefined for anything that is not zstd of at most MAX_OBJECT_BYTES: a bomb stops at that size. */
function decompress(compressed: Uint8Array): Uint8Array | undefined {
  try {
    return zstdDecompressSync(compressed, { maxOutputLength: MAX_OBJECT_BYTES });
  } catch {
    return undefined;
  }
}

function corrupt(digest: string, file: string): MeshSimError {
  return new MeshSimError(
    'object-corrupt',
    `Object ${digest} is damaged: ${file} does not hold what its name says; pack the Capsule again to repair it.`,
  );
}
