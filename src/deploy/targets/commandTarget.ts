import { existsSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { MeshSimError } from '../../base/errors.ts';
import type { Capsule } from '../../model/capsule.ts';
import type { TargetOf } from '../../model/environments.ts';
import type { Command } from '../../model/registry.ts';
import type { CheckRunner } from '../healthChecks.ts';
import { unpackRelease } from '../release.ts';
import { mustRun } from '../runProgram.ts';
import {
  markUnsettled,
  type Action,
  type Active,
  type DeployTarget,
  type TargetContext,
} from './deployTarget.ts';
import { localCheckRunner, localProgram } from './localProgram.ts';

/** Hands the verified tree to a command of the user's: kubectl, helm, docker compose. */
export class CommandTarget implements DeployTarget {
  readonly activeMeans = 'by the ledger; what its command runs was not looked at';
  readonly #target: TargetOf<'command'>;
  readonly #context: TargetContext;

  constructor(target: TargetOf<'command'>, context: TargetContext) {
    this.#target = target;
    this.#context = context;
  }

  /** What the command reaches is its own concern; the workspace's lock of the environment is all there is. */
  lock(): Promise<() => Promise<void>> {
    return Promise.resolve(() => Promise.resolve());
  }

  active(): Promise<Active> {
    const capsuleHash = this.#context.lastActive;
    const state = existsSync(this.#unsettled) ? 'unsettled' : 'settled';
    return Promise.resolve({ capsuleHash, state });
  }

  async materialise(capsule: Capsule, signal: AbortSignal): Promise<string> {
    const folder = this.#tree(capsule.capsuleHash);
    await unpackRelease({ capsule, store: this.#context.store, folder, signal });
    return 'Laid out for the command.';
  }

  /** The trees are for the commands alone; what those made of them is out of sight. */
  altered(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  prepare(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  async activate(hash: string, previous: string | undefined, signal: AbortSignal): Promise<string> {
    signal.throwIfAborted();
    await markUnsettled(this.#unsettled, this.#context.environment);
    const { action } = this.#context;
    const { rollback, run } = this.#target;
    const command = action === 'rollback' ? (rollback ?? run) : run;
    await this.#run(command, action, hash, previous, signal);
    return `The ${action} command ended well.`;
  }

  async restore(
    previous: string | undefined,
    failed: string,
    signal: AbortSignal,
  ): Promise<string> {
    const { rollback, run } = this.#target;
    if (previous !== undefined) {
      await this.materialise(await this.#context.load(previous), signal);
      await this.#run(rollback ?? run, 'rollback', previous, failed, signal);
      return `The command went back to ${previous.slice(0, 12)}.`;
    }
    if (rollback === undefined) {
      throw new MeshSimError(
        'deploy-failed',
        'There is no earlier Capsule to go back to and no "rollback" command: undo it by hand.',
      );
    }
    await this.#run(rollback, 'rollback', failed, failed, signal);
    return 'The rollback command ended well; nothing was deployed before.';
  }

  settle(): Promise<void> {
    return rm(this.#unsettled, { force: true });
  }

  checkRunner(hash: string): CheckRunner {
    return localCheckRunner(this.#context, { capsuleHash: hash, release: this.#tree(hash) });
  }

  /** The trees were for the commands; they can be laid out again from the store at any time. */
  async tidy(): Promise<void> {
    const folder = this.#trees;
    for (const name of await readdir(folder).catch(() => [])) {
      await rm(path.join(folder, name), { recursive: true, force: true });
    }
  }

  get #unsettled(): string {
    return path.join(this.#context.stagingFolder, '.unsettled');
  }

  get #trees(): string {
    return path.join(this.#context.stagingFolder, 'trees');
  }

  #tree(hash: string): string {
    return path.join(this.#trees, hash);
  }

  async #run(
    command: Command,
    action: Action,
    capsuleHash: string,
    previous: string | undefined,
    signal: AbortSignal,
  ): Promise<void> {
    const { timeoutMs } = this.#target;
    const facts = { action, capsuleHash, release: this.#tree(capsuleHash), previous };
    const program = localProgram(this.#context, command, facts, { timeoutMs, signal });
    await mustRun(program, `The ${action} command`);
  }
}
