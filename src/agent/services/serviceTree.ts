import { mkdir, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { MeshSimError } from '../../base/errors.ts';
import { changedFile, digestOrNone } from '../../capsule/changedFile.ts';
import { fillBuild, sharedLookup } from '../../capsule/commandPlaceholders.ts';
import { substitute } from '../../capsule/placeholders.ts';
import { unpackArchive } from '../../capsule/unpack.ts';
import type { PackedService } from '../../model/capsule.ts';
import type { ServiceStatus } from '../../model/serviceStatus.ts';
import type { Turn } from '../../model/turns.ts';
import type { Redactor } from '../../vault/redactor.ts';
import type { ServiceContent } from '../../wire/report.ts';
import type { Guard } from '../guard/guard.ts';
import type { Box } from '../box/box.ts';
import type { NodeProcesses } from '../nodeProcesses.ts';
import { BuildCache, buildKey } from './buildCache.ts';
import { commandStamps } from './program.ts';
import { ServiceProcess, type OutputStream } from './serviceProcess.ts';

export interface TreeOptions {
  readonly service: PackedService;
  readonly nodeId: string;
  /** `<node folder>/services`. */
  readonly servicesFolder: string;
  readonly buildCacheFolder: string;
  readonly hostPath: string;
  /** The part of the host's search path that cannot be seen in the box. */
  readonly hiddenPath: string;
  readonly redactor: Redactor;
  readonly processes: NodeProcesses;
  readonly guard: Guard | undefined;
  /** Where builds and services run; undefined: on the host. */
  readonly box: Box | undefined;
  readonly readChunk: (digest: string) => Promise<Uint8Array>;
  /** Waits until it is this node's turn; the answer ends the turn. */
  readonly takeTurn: (turn: Turn) => Promise<() => void>;
  readonly onStatus: (status: ServiceStatus, details?: string) => void;
  readonly onLine: (stream: OutputStream, text: string) => void;
}

/** The folder one service runs in: laid out from verified chunks, then built. */
export class ServiceTree {
  readonly folder: string;
  readonly #options: TreeOptions;
  #signedPaths: readonly string[] = [];

  constructor(options: TreeOptions) {
    this.#options = options;
    this.folder = path.join(options.servicesFolder, options.service.name);
  }

  /** @throws MeshSimError when the content does not match its signed digest, or the build fails. */
  async prepare(): Promise<void> {
    const { service, servicesFolder } = this.#options;
    await rm(this.folder, { recursive: true, force: true });
    await mkdir(servicesFolder, { recursive: true });
    this.#signedPaths = await this.#unpackTo(this.folder);
    if (service.build === undefined) return;
    const words = { hostPath: this.#options.hostPath, hostHome: homedir() };
    await this.#build(fillBuild(service.build, words));
  }

  /**
   * What lies on the disk now for every signed file: their archive digest, empty when they cannot be read, and the first
   * that is not what was unpacked.
   * @throws the error when that is the machine's fault: it says nothing about the files
   */
  async contentOnDisk(): Promise<Omit<ServiceContent, 'service'>> {
    const digest = await digestOrNone(this.folder, this.#signedPaths);
    if (digest === this.#options.service.archive.digest) return { digest };
    const changed = await this.#changedFile();
    return changed === undefined ? { digest } : { digest, changed };
  }

  /** Lays the signed files out once more to find out which one was changed. */
  async #changedFile(): Promise<string | undefined> {
    // No service has a dot in its name.
    const signed = `${this.folder}.signed`;
    try {
      await this.#unpackTo(signed);
      return await changedFile(this.folder, signed, this.#signedPaths);
    } finally {
      await rm(signed, { recursive: true, force: true });
    }
  }

  #unpackTo(target: string): Promise<readonly string[]> {
    return unpackArchive({
      chunks: this.#chunks(),
      archive: this.#options.service.archive,
      target,
    });
  }

  async *#chunks(): AsyncIterable<Uint8Array> {
    for (const { digest } of this.#options.service.chunks) {
      yield await this.#options.readChunk(digest);
    }
  }

  async #build(command: NonNullable<PackedService['build']>): Promise<void> {
    const { service, onStatus } = this.#options;
    const env = buildEnv(service.env, this.#options.hostPath);
    const { box, hostPath } = this.#options;
    const key = buildKey(
      { ...service, build: command },
      {
        env,
        folder: box?.view?.pathInside(this.folder) ?? this.folder,
        programs: commandStamps(command, hostPath),
      },
    );
    const cache = new BuildCache(this.#options.buildCacheFolder);
    if (await this.#restored(cache, key)) return;
    const endTurn = await this.#options.takeTurn({ turn: 'build', service: service.name });
    try {
      // Another node may have built it while this one waited.
      if (await this.#restored(cache, key)) return;
      onStatus('building');
      await this.#runBuild(command, env);
      await this.#refuseChanges();
      await cache.save(key, this.folder, this.#signedPaths);
      onStatus('built');
    } finally {
      endTurn();
    }
  }

  /** Before its result is kept: a build that is taken from the cache has left the signed files as they are. */
  async #refuseChanges(): Promise<void> {
    const { service, nodeId } = this.#options;
    const { changed } = await this.contentOnDisk();
    if (changed === undefined) return;
    throw new MeshSimError(
      'service-failed',
      `The build of service "${service.name}" on ${nodeId} changed the signed file "${changed}": let it write to files that are not committed, or commit what it makes.`,
    );
  }

  async #restored(cache: BuildCache, key: string): Promise<boolean> {
    const found = await cache.restore(key, this.folder);
    if (found) this.#options.onStatus('cached');
    return found;
  }

  async #runBuild(
    command: NonNullable<PackedService['build']>,
    env: Record<string, string>,
  ): Promise<void> {
    const { service, nodeId, guard } = this.#options;
    const build = new ServiceProcess({
      ...this.#options,
      command,
      folder: this.folder,
      env: guard?.env(service.name, env) ?? env,
    });
    const exit = await build.exited;
    if (exit.code === 0) return;
    const said = exit.errorLine === '' ? '' : ` It said: ${exit.errorLine}`;
    throw new MeshSimError(
      'service-failed',
      `The build of service "${service.name}" on ${nodeId} ${exit.words}.${said}`,
      { cause: exit.cause },
    );
  }
}

const PER_NODE_PLACEHOLDER = /(^|[^$])\$\{(?!host\.(path|home)\})/;

/**
 * The environment of a build: the host's PATH and what the snapshot's env says alike on every node. Ports and node ids
 * are left out, or one build could not serve all nodes; so are secrets, which must not end up in a cache.
 */
export function buildEnv(
  env: Readonly<Record<string, string>>,
  hostPath: string,
): Record<string, string> {
  const shared = Object.entries(env)
    .filter(([, value]) => !PER_NODE_PLACEHOLDER.test(value))
    .map(
      ([name, value]) =>
        [name, substitute(value, sharedLookup(hostPath, homedir()), (other) => other)] as const,
    );
  return { PATH: hostPath, ...Object.fromEntries(shared) };
}
