import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { lstat, readdir, readlink, realpath, rename, rm, stat, symlink } from 'node:fs/promises';
import path from 'node:path';
import { MeshSimError, messageOf, systemCode } from '../../base/errors.ts';
import { syncFolder } from '../../base/syncFolder.ts';
import type { Capsule } from '../../model/capsule.ts';
import type { Hook, TargetOf } from '../../model/environments.ts';
import { lockFolder, type LockOwner } from '../environmentLock.ts';
import type { CheckRunner } from '../healthChecks.ts';
import { unpackRelease } from '../release.ts';
import { mustRun } from '../runProgram.ts';
import { alteredFiles, signedFiles } from '../signedFiles.ts';
import {
  RELEASE_IS_AS_SIGNED,
  markUnsettled,
  type Action,
  type Active,
  type DeployTarget,
  type TargetContext,
} from './deployTarget.ts';
import { makeReady } from './earlierRelease.ts';
import { localCheckRunner, localProgram } from './localProgram.ts';

const HASH = /^[0-9a-f]{64}$/;

/** `<path>/releases/<capsuleHash>` and `<path>/current`, a link that is exchanged by one rename. */
export class DirectoryTarget implements DeployTarget {
  readonly activeMeans = RELEASE_IS_AS_SIGNED;
  readonly #target: TargetOf<'directory'>;
  readonly #context: TargetContext;
  readonly #root: string;

  constructor(target: TargetOf<'directory'>, context: TargetContext) {
    this.#target = target;
    this.#context = context;
    this.#root = path.resolve(context.folder, target.path);
  }

  lock(owner: LockOwner): Promise<() => Promise<void>> {
    return lockFolder(this.#root, owner);
  }

  async active(): Promise<Active> {
    const link = path.join(this.#root, 'current');
    const state = existsSync(this.#unsettled) ? 'unsettled' : 'settled';
    const found = await lstat(link).catch(() => undefined);
    if (found === undefined) return { capsuleHash: undefined, state };
    const hash = found.isSymbolicLink() ? path.basename(await readlink(link)) : '';
    if (HASH.test(hash)) {
      return { capsuleHash: hash, state: state === 'settled' ? await this.#stateOf(hash) : state };
    }
    throw new MeshSimError(
      'deploy-failed',
      `${link} is not a link to one of our releases: move it away, or deploy elsewhere.`,
    );
  }

  async materialise(capsule: Capsule, signal: AbortSignal): Promise<string> {
    const folder = this.#release(capsule.capsuleHash);
    await unpackRelease({ capsule, store: this.#context.store, folder, signal });
    return `Laid out in ${folder}.`;
  }

  async altered(capsule: Capsule, signal: AbortSignal): Promise<readonly string[]> {
    const files = await signedFiles(capsule, this.#context.store, signal);
    return alteredFiles(this.#release(capsule.capsuleHash), files);
  }

  async prepare(hash: string, signal: AbortSignal): Promise<string | undefined> {
    const { prepare } = this.#target;
    if (prepare === undefined) return undefined;
    await this.#hook('prepare', prepare, hash, this.#context.action, signal);
    return 'Its prepare command ended well.';
  }

  async activate(hash: string, previous: string | undefined, signal: AbortSignal): Promise<string> {
    signal.throwIfAborted();
    await markUnsettled(this.#unsettled, this.#context.environment);
    await this.#switchTo(hash);
    const { activate } = this.#target;
    if (activate !== undefined) {
      await this.#hook('activate', activate, hash, this.#context.action, signal, previous);
    }
    return `${path.join(this.#root, 'current')} is ${hash.slice(0, 12)}.`;
  }

  async restore(
    previous: string | undefined,
    failed: string,
    signal: AbortSignal,
  ): Promise<string> {
    if (previous === undefined) {
      await rm(path.join(this.#root, 'current'), { force: true });
      return 'There was no release before it: none is active.';
    }
    const { load } = this.#context;
    const isThere = existsSync(this.#release(previous));
    const words = await makeReady(this, { capsuleHash: previous, isThere, load }, signal);
    await this.#switchTo(previous);
    const { activate } = this.#target;
    if (activate !== undefined) {
      await this.#hook('activate', activate, previous, 'rollback', signal, failed);
    }
    return `${previous.slice(0, 12)} is active again.${words}`;
  }

  settle(): Promise<void> {
    return rm(this.#unsettled, { force: true });
  }

  checkRunner(hash: string): CheckRunner {
    return localCheckRunner(this.#context, { capsuleHash: hash, release: this.#release(hash) });
  }

  async tidy(active: string | undefined): Promise<void> {
    const folder = path.join(this.#root, 'releases');
    const names = await readdir(folder).catch(() => []);
    const aged = await Promise.all(
      names
        .filter((name) => name !== active)
        .map(async (name) => ({ name, at: (await stat(path.join(folder, name))).mtimeMs })),
    );
    const releases = aged.filter(({ name }) => HASH.test(name)).sort((a, b) => b.at - a.at);
    const abandoned = aged.filter(({ name }) => name.endsWith('.partial'));
    const spare = Math.max(0, this.#target.keep - (active === undefined ? 0 : 1));
    for (const { name } of [...releases.slice(spare), ...abandoned]) {
      await rm(path.join(folder, name), { recursive: true, force: true });
    }
  }

  /** A link with the right name may lead to another place, and so may a link in the place of the release. */
  async #stateOf(hash: string): Promise<'settled' | 'removed' | 'elsewhere'> {
    if (!existsSync(this.#release(hash))) return 'removed';
    const own = path.join(await realpath(this.#root), 'releases', hash);
    const led = await realpath(path.join(this.#root, 'current')).catch(() => undefined);
    return led === own ? 'settled' : 'elsewhere';
  }

  get #unsettled(): string {
    return path.join(this.#root, '.deploy-unsettled');
  }

  #release(hash: string): string {
    return path.join(this.#root, 'releases', hash);
  }

  /** A reader of `current` sees the old release or the new one, never none. Windows has no such rename for links. */
  async #switchTo(hash: string): Promise<void> {
    const current = path.join(this.#root, 'current');
    const temporary = `${current}.${randomBytes(4).toString('hex')}`;
    try {
      if (process.platform === 'win32') {
        await rm(current, { force: true });
        await symlink(this.#release(hash), current, 'junction');
        return;
      }
      await symlink(path.join('releases', hash), temporary);
      await rename(temporary, current);
      await syncFolder(this.#root);
    } catch (error) {
      await rm(temporary, { force: true });
      throw new MeshSimError(
        'deploy-failed',
        `${current} could not be switched (${systemCode(error) ?? messageOf(error)}).`,
        { cause: error },
      );
    }
  }

  async #hook(
    name: 'prepare' | 'activate',
    { run, timeoutMs }: Hook,
    capsuleHash: string,
    action: Action,
    signal: AbortSignal,
    previous?: string,
  ): Promise<void> {
    const facts = { action, capsuleHash, release: this.#release(capsuleHash), previous };
    const program = localProgram(this.#context, run, facts, { timeoutMs, signal });
    await mustRun(program, `Its ${name} command`);
  }
}
