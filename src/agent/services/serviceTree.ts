import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { removeTree } from '../../base/removeTree.ts';
import { changedFile, digestOrNone } from '../../capsule/changedFile.ts';
import { unpackArchive } from '../../capsule/unpack.ts';
import type { PackedService } from '../../model/capsule.ts';
import type { LaidOutTree } from '../../model/laidOutTrees.ts';
import { buildFolderOf, pathInRoot } from '../../model/serviceRoot.ts';
import type { ServiceContent } from '../../wire/report.ts';
import { ServiceBuild, type BuildOptions } from './build.ts';
import { sharedBuild } from './sharedBuild.ts';

export interface TreeOptions extends Omit<
  BuildOptions,
  'service' | 'folder' | 'runsIn' | 'signedPaths' | 'changedFile'
> {
  readonly tree: LaidOutTree;
  /** The one of its services whose build it is on this node: it says what the build says. */
  readonly owner: PackedService;
  /** `<node folder>/services`. */
  readonly servicesFolder: string;
  readonly readChunk: (digest: string) => Promise<Uint8Array>;
}

/** The folder that one service runs in, or several that share a root: laid out from verified chunks, then built. */
export class ServiceTree {
  /** The same on every node, whichever of its services run there: what is built may have written it down. */
  readonly #folder: string;
  readonly #options: TreeOptions;
  #signedPaths: readonly string[] = [];

  constructor(options: TreeOptions) {
    this.#options = options;
    this.#folder = path.join(options.servicesFolder, options.tree.name);
  }

  /** Where a service of it is started. */
  folderOf(service: PackedService): string {
    return path.join(this.#folder, pathInRoot(service));
  }

  /** @throws MeshSimError when the content does not match its signed digest, or the build fails. */
  async prepare(): Promise<void> {
    const { owner, tree, servicesFolder } = this.#options;
    await removeTree(this.#folder);
    await mkdir(servicesFolder, { recursive: true });
    this.#signedPaths = await this.#unpackTo(this.#folder);
    if (owner.build === undefined) return;
    const build = new ServiceBuild({
      ...this.#options,
      service: sharedBuild({ ...owner, build: owner.build }, tree.services),
      folder: this.#folder,
      runsIn: path.join(this.#folder, buildFolderOf(owner)),
      signedPaths: this.#signedPaths,
      changedFile: async () => (await this.contentOnDisk()).changed,
    });
    await build.prepare();
  }

  /**
   * What lies on the disk now for every signed file: their archive digest, empty when they cannot be read, and the first
   * that is not what was unpacked.
   * @throws the error when that is the machine's fault: it says nothing about the files
   */
  async contentOnDisk(): Promise<Omit<ServiceContent, 'service'>> {
    const digest = await digestOrNone(this.#folder, this.#signedPaths);
    if (digest === this.#options.tree.archive.digest) return { digest };
    const changed = await this.#changedFile();
    return changed === undefined ? { digest } : { digest, changed };
  }

  /** Lays the signed files out once more to find out which one was changed. */
  async #changedFile(): Promise<string | undefined> {
    // No service has a dot in its name.
    const signed = `${this.#folder}.signed`;
    try {
      await this.#unpackTo(signed);
      return await changedFile(this.#folder, signed, this.#signedPaths);
    } finally {
      await removeTree(signed);
    }
  }

  #unpackTo(target: string): Promise<readonly string[]> {
    return unpackArchive({
      chunks: this.#chunks(),
      archive: this.#options.tree.archive,
      target,
    });
  }

  async *#chunks(): AsyncIterable<Uint8Array> {
    for (const { digest } of this.#options.tree.chunks) {
      yield await this.#options.readChunk(digest);
    }
  }
}
