import { MeshSimError, messageOf } from '../base/errors.ts';
import type { Capsule } from '../model/capsule.ts';
import type { DeployStep } from '../model/deploy.ts';
import type { HealthCheck } from '../model/environments.ts';
import { awaitHealthy } from './healthChecks.ts';
import { namedPaths } from './signedFiles.ts';
import type { DeployTarget } from './targets/deployTarget.ts';

export interface RolloutOptions {
  readonly target: DeployTarget;
  readonly capsule: Capsule;
  readonly health: readonly HealthCheck[];
  /** What is active before. */
  readonly previous: string | undefined;
  readonly signal: AbortSignal;
  /** ISO 8601. */
  readonly now: () => string;
  readonly onStart: (step: DeployStep['step']) => void;
  readonly onStep: (step: DeployStep) => void;
}

export interface RolloutEnd {
  readonly steps: readonly DeployStep[];
  /** What is active after it. */
  readonly active: string | undefined;
  /** Something was made active, or active again, and that ended well. False: nothing was changed, or it could not go back. */
  readonly isSettled: boolean;
  /** Absent: the Capsule is active and healthy. */
  readonly cause?: string;
}

/** Going back must not be cancelled; its own steps have limits. */
const NEVER = new AbortController().signal;

/**
 * Lays a Capsule out, makes it active and sees that it is healthy. Whatever fails or is cancelled once it was made active
 * is undone: what was active before is active again. Never throws.
 */
export async function rollOut(options: RolloutOptions): Promise<RolloutEnd> {
  const { target, capsule, health, previous, signal } = options;
  const { capsuleHash } = capsule;
  const log = new StepLog(options);
  let isSwitched = false;
  try {
    await log.step('materialise', () => target.materialise(capsule, signal));
    await log.step('prepare', () => prepare(options));
    signal.throwIfAborted();
    isSwitched = true;
    await log.step('activate', () => target.activate(capsuleHash, previous, signal));
    await log.step('health', () => awaitHealthy(health, target.checkRunner(capsuleHash), signal));
    await tidy(target, capsuleHash);
    return { steps: log.steps, active: capsuleHash, isSettled: true };
  } catch (error) {
    const cause = messageOf(error);
    if (!isSwitched) return { steps: log.steps, active: previous, isSettled: false, cause };
    return restore(options, log, cause);
  }
}

/** What a prepare command builds is added to what was signed; what was signed stays as it is, as in a rehearsal. */
async function prepare({ target, capsule, signal }: RolloutOptions): Promise<string | undefined> {
  const sentence = await target.prepare(capsule.capsuleHash, signal);
  if (sentence === undefined) return undefined;
  const altered = (await target.altered(capsule, signal)) ?? [];
  if (altered.length === 0) return sentence;
  throw new MeshSimError(
    'deploy-failed',
    `Its prepare command changed what was signed (${namedPaths(altered)}): let it write to other files.`,
  );
}

async function restore(
  { target, capsule, previous }: RolloutOptions,
  log: StepLog,
  cause: string,
): Promise<RolloutEnd> {
  try {
    await log.step('restore', () => target.restore(previous, capsule.capsuleHash, NEVER));
    return { steps: log.steps, active: previous, isSettled: true, cause };
  } catch (error) {
    const found = await target.active(NEVER).catch(() => undefined);
    const both = `${cause} Going back failed too: ${messageOf(error)}`;
    return { steps: log.steps, active: found?.capsuleHash, isSettled: false, cause: both };
  }
}

/** Old releases that cannot be removed are no reason to go back. */
async function tidy(target: DeployTarget, active: string): Promise<void> {
  await target.tidy(active, NEVER).catch(() => undefined);
}

class StepLog {
  readonly steps: DeployStep[] = [];
  readonly #options: RolloutOptions;

  constructor(options: RolloutOptions) {
    this.#options = options;
  }

  /** A step that resolves to undefined was not there to be done. */
  async step(name: DeployStep['step'], work: () => Promise<string | undefined>): Promise<void> {
    this.#options.onStart(name);
    try {
      const sentence = await work();
      if (sentence !== undefined) this.#add(name, 'ok', sentence);
    } catch (error) {
      this.#add(name, 'failed', messageOf(error));
      throw error instanceof MeshSimError
        ? error
        : new MeshSimError('deploy-failed', messageOf(error), { cause: error });
    }
  }

  #add(step: DeployStep['step'], status: DeployStep['status'], sentence: string): void {
    const { now, onStep } = this.#options;
    const done: DeployStep = { step, status, sentence, endedAt: now() };
    this.steps.push(done);
    onStep(done);
  }
}
