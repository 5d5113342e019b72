import { mkdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { MeshSimError } from '../../base/errors.ts';
import { removeTree } from '../../base/removeTree.ts';
import { fillBuild } from '../../capsule/commandPlaceholders.ts';
import type { PackedService } from '../../model/capsule.ts';
import { BUILD_DEADLINE_MS, type Command } from '../../model/registry.ts';
import type { ServiceStatus } from '../../model/serviceStatus.ts';
import type { Turn } from '../../model/turns.ts';
import type { Guard } from '../guard/guard.ts';
import { BuildCache, buildKey } from './buildCache.ts';
import { buildEnv, surroundingEnv } from './buildEnv.ts';
import { endWithin, howEnded } from './endWithin.ts';
import { commandStamps } from './program.ts';
import { secretLeftIn } from './secretLeft.ts';
import type { ServiceOptions } from './serviceStart.ts';

export interface BuildOptions extends Pick<
  ServiceOptions,
  'nodeId' | 'hostPath' | 'hiddenPath' | 'box' | 'redactor' | 'processes' | 'onLine'
> {
  readonly service: PackedService & { readonly build: Command };
  /** Where the signed files lie. */
  readonly folder: string;
  /** Where the build runs: there, or in a folder of it. */
  readonly runsIn: string;
  /** Files in `folder` that are signed, relative to it. */
  readonly signedPaths: readonly string[];
  /** The first signed file that is not what was unpacked; undefined: all are. */
  readonly changedFile: () => Promise<string | undefined>;
  readonly buildCacheFolder: string;
  /** A folder for homes of builds, of this node. */
  readonly homesFolder: string;
  readonly toolCacheFolder: string;
  readonly proxy: Readonly<Record<string, string>>;
  /** Name → value; the build is given those it names. */
  readonly secrets: Readonly<Record<string, string>>;
  readonly guard: Guard | undefined;
  /** Waits until it is this node's turn; the answer ends the turn. */
  readonly takeTurn: (turn: Turn) => Promise<() => void>;
  readonly onStatus: (status: ServiceStatus, details?: string) => void;
}

/** What a service's build adds to its signed files: taken from the cache, else built. */
export class ServiceBuild {
  readonly #options: BuildOptions;
  readonly #command: Command;
  readonly #env: Readonly<Record<string, string>>;
  readonly #cache: BuildCache;

  constructor(options: BuildOptions) {
    const { service, hostPath, buildCacheFolder } = options;
    this.#options = options;
    this.#command = fillBuild(service.build, { hostPath, hostHome: homedir() });
    this.#env = buildEnv(service.env, hostPath);
    this.#cache = new BuildCache(buildCacheFolder);
  }

  /**
   * @throws MeshSimError `build-failed` when the build fails, takes longer than its deadline or changes a signed file; then no other
   * node gets its turn to build, for the run ends
   */
  async prepare(): Promise<void> {
    const { service, takeTurn } = this.#options;
    const key = this.#key();
    if (await this.#restored(key)) return;
    const endTurn = await takeTurn({ turn: 'build', service: service.name });
    let isBuilt = false;
    try {
      // Another node may have built it while this one waited: then others need not wait until it is laid out here.
      isBuilt = await this.#cache.has(key);
      if (!isBuilt) await this.#make(key);
    } catch (error) {
      const failure = asBuildFailure(error);
      // What else went wrong says nothing of the build: others may try it, and the run goes on until they have.
      if (failure === undefined) endTurn();
      throw failure ?? error;
    }
    endTurn();
    if (isBuilt && !(await this.#restored(key))) await this.prepare();
  }

  async #make(key: string): Promise<void> {
    const { service, folder, signedPaths, onStatus } = this.#options;
    onStatus('building');
    await this.#run();
    await this.#refuseChanges();
    await this.#refuseSecrets();
    await this.#cache.save(key, { service: service.name, folder, signedPaths });
    onStatus('built');
  }

  #key(): string {
    const { service, box, runsIn, hostPath } = this.#options;
    return buildKey(
      { ...service, build: this.#command },
      {
        env: this.#env,
        folder: box?.view?.pathInside(runsIn) ?? runsIn,
        programs: commandStamps(this.#command, hostPath),
      },
    );
  }

  async #restored(key: string): Promise<boolean> {
    const found = await this.#cache.restore(key, this.#options.folder);
    if (found) this.#options.onStatus('cached');
    return found;
  }

  /** Before its result is kept: a build that is taken from the cache has left the signed files as they are. */
  async #refuseChanges(): Promise<void> {
    const changed = await this.#options.changedFile();
    if (changed === undefined) return;
    throw this.#failure(
      `changed the signed file "${changed}": let it write to files that are not committed, or commit what it makes.`,
    );
  }

  async #refuseSecrets(): Promise<void> {
    const { folder, signedPaths } = this.#options;
    const left = await secretLeftIn(folder, signedPaths, this.#secrets());
    if (left === undefined) return;
    throw this.#failure(
      `left the secret ${left.secret} in "${left.file}", and what it leaves is kept and given to the service: let it remove that file, or write it below $HOME.`,
    );
  }

  async #run(): Promise<void> {
    const { service, guard, runsIn } = this.#options;
    const home = await this.#makeHome();
    const env = { ...this.#surroundings(home), ...this.#env, ...this.#secrets() };
    const { exit, endedAtMs } = await endWithin(service.buildDeadlineMs ?? BUILD_DEADLINE_MS, {
      ...this.#options,
      folder: runsIn,
      command: this.#command,
      env: guard?.env(service.name, env) ?? env,
    });
    // What it left there is no part of its result; what cannot be removed goes with the node's folder.
    await removeTree(home).catch(() => undefined);
    if (exit.code === 0 && endedAtMs === undefined) return;
    throw this.#failure(howEnded(exit, endedAtMs, 'buildDeadlineMs'), exit.cause);
  }

  /** Of this build alone: what another one left there would be what nobody signed. */
  async #makeHome(): Promise<string> {
    const home = path.join(this.#options.homesFolder, this.#options.service.name);
    await removeTree(home);
    await mkdir(home, { recursive: true });
    return home;
  }

  #surroundings(home: string) {
    const { box, toolCacheFolder: toolCache, proxy } = this.#options;
    return surroundingEnv({ home: box?.view?.pathInside(home) ?? home, toolCache, proxy });
  }

  #secrets(): Record<string, string> {
    const { service, secrets } = this.#options;
    const names = service.buildSecrets ?? [];
    return Object.fromEntries(names.map((name) => [name, secrets[name] ?? '']));
  }

  #failure(what: string, cause?: Error): MeshSimError {
    const { service, nodeId } = this.#options;
    const text = `The build of service "${service.name}" on ${nodeId} ${what}`;
    return new MeshSimError('build-failed', text, { cause });
  }
}

/** Of a build that could not even be started, for one, since its program is not there. Undefined: it is something else. */
function asBuildFailure(error: unknown): MeshSimError | undefined {
  if (!(error instanceof MeshSimError)) return undefined;
  if (error.code !== 'service-failed') return error.code === 'build-failed' ? error : undefined;
  return new MeshSimError('build-failed', error.message, { cause: error });
}
