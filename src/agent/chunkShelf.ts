import { mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { machineFault } from '../base/machineFault.ts';
import { readRegularSync, writeAfreshSync } from '../base/regularFile.ts';
import { sha256Hex } from '../signing/digest.ts';

/** Chunks kept in memory for relaying; beyond this they are read from the disk again. */
const MEMORY_BYTES = 32 * 1024 * 1024;

/**
 * The chunks a node holds, as files named by their digest. Only verified bytes are put here, and only what is here is
 * relayed. A file is complete once it has its name, so a chunk that was acknowledged survives a SIGKILL.
 */
export class ChunkShelf {
  readonly #folder: string;
  readonly #memory = new Map<string, Uint8Array>();
  #memoryBytes = 0;

  constructor(folder: string) {
    this.#folder = folder;
    mkdirSync(folder, { recursive: true });
  }

  /** `bytes` must have been verified to have this digest; they are copied. @throws MeshSimError `disk-failed`, or Error */
  put(digest: string, bytes: Uint8Array): void {
    const file = path.join(this.#folder, digest);
    const temporary = `${file}.tmp`;
    try {
      writeAfreshSync(temporary, bytes);
      renameSync(temporary, file);
    } catch (error) {
      throw machineFault(error, { folder: this.#folder, bytes: bytes.length }) ?? error;
    }
    this.#remember(digest, new Uint8Array(bytes));
  }

  read(digest: string): Uint8Array {
    const known = this.#memory.get(digest);
    if (known !== undefined) return known;
    const bytes = readRegularSync(path.join(this.#folder, digest));
    this.#remember(digest, bytes);
    return bytes;
  }

  /** After a restart: hashes every file, deletes what does not hold what its name says, and returns the digests kept. */
  recover(): Set<string> {
    const kept = new Set<string>();
    for (const name of readdirSync(this.#folder)) {
      const file = path.join(this.#folder, name);
      if (sha256Hex(readRegularSync(file)) === name) kept.add(name);
      else rmSync(file, { force: true });
    }
    return kept;
  }

  #remember(digest: string, bytes: Uint8Array): void {
    if (this.#memory.has(digest)) return;
    this.#memory.set(digest, bytes);
    this.#memoryBytes += bytes.length;
    for (const [oldest, { length }] of this.#memory) {
      if (this.#memoryBytes <= MEMORY_BYTES) break;
      this.#memory.delete(oldest);
      this.#memoryBytes -= length;
    }
  }
}
