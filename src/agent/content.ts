import { renameSync } from 'node:fs';
import path from 'node:path';
import { readRegularSync, writeAfreshSync } from '../base/regularFile.ts';
import { ObjectStore } from '../capsule/objectStore.ts';
import { distinctChunks, type Capsule, type Chunk } from '../model/capsule.ts';
import { sha256Hex } from '../signing/digest.ts';
import { ChunkShelf } from './chunkShelf.ts';

/** The Capsule's bytes on this node: its signed manifest as it travels, and the chunks it holds. */
export class NodeContent {
  readonly #folder: string;
  readonly shelf: ChunkShelf;
  #payload: Buffer | null = null;
  #capsule: Capsule | null = null;
  #chunks: readonly Chunk[] = [];

  constructor(folder: string) {
    this.#folder = folder;
    this.shelf = new ChunkShelf(path.join(folder, 'chunks'));
  }

  /** Null until a manifest was accepted. */
  get capsule(): Capsule | null {
    return this.#capsule;
  }

  /** The bytes that travel with a `manifest` message. */
  get payload(): Buffer | null {
    return this.#payload;
  }

  /** The first manifest that is accepted stays: it has been verified, and all others that are verified equal it. */
  accept(payload: Buffer, capsule: Capsule): void {
    if (this.#capsule !== null) return;
    this.#payload = Buffer.from(payload);
    this.#capsule = capsule;
    this.#chunks = distinctChunks(capsule.manifest);
    writeAfreshSync(`${this.#manifestFile}.tmp`, this.#payload);
    renameSync(`${this.#manifestFile}.tmp`, this.#manifestFile);
  }

  /** The payload an earlier incarnation had accepted; null when there is none. It has to be verified again. */
  storedPayload(): Buffer | null {
    try {
      return readRegularSync(this.#manifestFile);
    } catch {
      return null;
    }
  }

  digestOf(chunk: number): string | undefined {
    return this.#chunks[chunk]?.digest;
  }

  get chunkCount(): number {
    return this.#chunks.length;
  }

  /** One bit for each chunk whose digest is in `digests`. */
  bitmap(digests: ReadonlySet<string>): Uint32Array {
    const bits = new Uint32Array(Math.ceil(this.#chunks.length / 32));
    this.#chunks.forEach(({ digest }, chunk) => {
      if (digests.has(digest)) bits[chunk >>> 5] = (bits[chunk >>> 5] ?? 0) | (1 << (chunk & 31));
    });
    return bits;
  }

  /** Keeps a chunk if it is the one the signed manifest lists; each arrival is hashed exactly once. */
  store(chunk: number, bytes: Uint8Array, isHeld: boolean): { intact: boolean; digest: string } {
    const digest = sha256Hex(bytes);
    const intact = digest === this.digestOf(chunk);
    if (intact && !isHeld) this.shelf.put(digest, bytes);
    return { intact, digest };
  }

  /** The entry node's content: every chunk from the workspace's store, verified as it is read. */
  async fill(storeFolder: string): Promise<void> {
    const store = new ObjectStore(storeFolder);
    for (const { digest } of this.#chunks) this.shelf.put(digest, await store.get(digest));
  }

  get #manifestFile(): string {
    return path.join(this.#folder, 'manifest.signed');
  }
}
