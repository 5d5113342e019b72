import { MeshSimError } from '../../base/errors.ts';
import { loadCapsule } from '../../capsule/load.ts';
import { distinctChunks, type Capsule } from '../../model/capsule.ts';
import { readIfPresent } from '../runs/storedCapsim.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { plainManifest } from '../workspace/workspacePaths.ts';

/** Reading, not hashing, is what a chunk costs: this many wait for the disk at the same time. */
const READERS = 8;

/**
 * The content of Capsules, every byte of it read and held against its signed digest: 100 MiB take about 0.4 s. Chunks that
 * several Capsules share are read once by each of these, which lives as long as one question.
 */
export class CapsuleContent {
  readonly #workspace: Workspace;
  readonly #sound = new Set<string>();

  constructor(workspace: Workspace) {
    this.#workspace = workspace;
  }

  /** Its manifest alone. @throws MeshSimError `capsule-unknown`, `capsule-invalid`, `object-corrupt` */
  async described(capsuleHash: string): Promise<Capsule> {
    const capsule = await loadCapsule(this.#workspace.store, capsuleHash);
    await this.#assertPlainManifest(capsule);
    return capsule;
  }

  /** @throws MeshSimError `capsule-unknown`, `capsule-invalid`, `object-missing`, `object-corrupt` */
  async verified(capsuleHash: string): Promise<Capsule> {
    const capsule = await this.described(capsuleHash);
    const unread = distinctChunks(capsule.manifest).filter(
      ({ digest }) => !this.#sound.has(digest),
    );
    const next = unread.values();
    const readers = Array.from({ length: READERS }, async () => {
      for (const { digest } of next) {
        await this.#workspace.store.get(digest);
        this.#sound.add(digest);
      }
    });
    await Promise.all(readers);
    return capsule;
  }

  /** The manifest as a plain file is what other programs verify; where it was removed, they have nothing to be misled by. */
  async #assertPlainManifest({ capsuleHash, bytes }: Capsule): Promise<void> {
    const file = plainManifest(this.#workspace.paths, capsuleHash);
    const plain = await readIfPresent(file);
    if (plain === undefined || Buffer.compare(plain, bytes) === 0) return;
    throw new MeshSimError(
      'capsule-invalid',
      `${file} is not the manifest that was signed: pack the Capsule again to repair it.`,
    );
  }
}
