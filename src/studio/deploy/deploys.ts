import { randomUUID } from 'node:crypto';
import { MeshSimError, messageOf } from '../../base/errors.ts';
import { reasonsOf, type Decision } from '../../model/deploy.ts';
import type { DeployEnd, DeployEvent, DeployStarted } from '../../model/deployApi.ts';
import { deployCapsule } from './deployCapsule.ts';
import { rollBack } from './deployRollback.ts';
import type { DeployListener, RecordedRollout } from './deployRollout.ts';
import type { Workspace } from '../workspace/workspace.ts';

/** A client reads a deploy within minutes of its end; later the ledger tells of it. */
const ENDED_HELD = 20;
/** What a chatty deploy command may leave in memory; steps and the end are never among what is let go. */
const MAX_LOG_EVENTS = 5_000;

/** One deploy of this process: what happened so far, and a way to wait for more. */
export class LiveDeploy {
  readonly deployId = randomUUID();
  readonly environment: string;
  readonly controller = new AbortController();
  readonly #events: DeployEvent[] = [];
  #logs = 0;
  #wake: (() => void)[] = [];

  constructor(environment: string) {
    this.environment = environment;
  }

  get end(): DeployEnd | undefined {
    const last = this.#events.at(-1);
    return last?.type === 'end' ? last : undefined;
  }

  push(event: DeployEvent): void {
    if (event.type === 'log' && ++this.#logs > MAX_LOG_EVENTS) return;
    this.#events.push(event);
    for (const resume of this.#wake.splice(0)) resume();
  }

  /** Every event from number `from` on, until the end. Ends early when the signal is aborted. */
  async *events(
    from: number,
    signal: AbortSignal,
  ): AsyncGenerator<{ readonly id: number; readonly event: DeployEvent }> {
    for (let id = from; !signal.aborted;) {
      const event = this.#events[id];
      if (event !== undefined) {
        yield { id, event };
        id += 1;
      } else if (this.end !== undefined) return;
      else await this.#changed(signal);
    }
  }

  #changed(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const resume = (): void => {
        signal.removeEventListener('abort', resume);
        resolve();
      };
      signal.addEventListener('abort', resume);
      this.#wake.push(resume);
    });
  }
}

export interface DeployOrder {
  readonly environment: string;
  readonly capsuleHash: string;
  readonly breakGlass?: string | undefined;
}

/** The deploys of this process: started, watched and cancelled by any number of clients. */
export class Deploys {
  readonly #workspace: Workspace;
  readonly #deploys = new Map<string, LiveDeploy>();
  readonly #pending = new Set<Promise<unknown>>();
  readonly #closing = new AbortController();
  readonly #listeners = new Set<() => void>();

  constructor(workspace: Workspace) {
    this.#workspace = workspace;
  }

  /**
   * Resolves once the gate let it through and it is about to begin.
   * @throws MeshSimError `gate-refused` with every reason, `deploy-busy`, and as deployCapsule
   */
  start(order: DeployOrder): Promise<DeployStarted> {
    const { environment, capsuleHash, breakGlass } = order;
    return this.#run(environment, async (deploy, accept) => {
      const finished = await deployCapsule(this.#workspace, {
        environment,
        capsule: capsuleHash,
        breakGlass,
        signal: this.#signalOf(deploy),
        listener: listenerOf(deploy),
        onDecision: ({ decision }) => {
          if (decision.decision === 'deny') throw refusal(decision);
          accept(decision);
        },
      });
      if (finished.recorded !== undefined) return this.#endOf(deploy, finished.recorded);
      return { type: 'end', status: 'unchanged', sentence: finished.sentence ?? '' };
    });
  }

  /** Resolves once it is about to begin. @throws MeshSimError as rollBack */
  rollBack(environment: string, to: string | undefined): Promise<DeployStarted> {
    return this.#run(environment, async (deploy, accept) => {
      const begun = listenerOf(deploy);
      const recorded = await rollBack(this.#workspace, {
        environment,
        to,
        signal: this.#signalOf(deploy),
        listener: {
          ...begun,
          onStart: (step) => {
            accept(undefined);
            begun.onStart(step);
          },
        },
      });
      return this.#endOf(deploy, recorded);
    });
  }

  /** @throws MeshSimError `deploy-unknown` */
  find(deployId: string): LiveDeploy {
    const deploy = this.#deploys.get(deployId);
    if (deploy !== undefined) return deploy;
    throw new MeshSimError(
      'deploy-unknown',
      `Deploy ${deployId} is not one of this process: the timeline has those that ended.`,
    );
  }

  /** @throws MeshSimError `deploy-unknown` when it has ended, or never was one of this process */
  cancel(deployId: string): void {
    const deploy = this.find(deployId);
    if (deploy.end !== undefined) {
      throw new MeshSimError('deploy-unknown', `Deploy ${deployId} has ended.`);
    }
    deploy.controller.abort(
      new MeshSimError('interrupted', 'Cancelled; what was active before stays active.'),
    );
  }

  /** The deploy to an environment that goes on. */
  deployingTo(environment: string): string | undefined {
    const going = [...this.#deploys.values()].find(
      (deploy) => deploy.environment === environment && deploy.end === undefined,
    );
    return going?.deployId;
  }

  /** Called whenever a deploy or a rollback begins or ends. Returns the function that ends the subscription. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Cancels every deploy; resolves when each has gone back and was recorded. */
  async dispose(): Promise<void> {
    this.#closing.abort(new MeshSimError('interrupted', 'The Studio was closed.'));
    await Promise.allSettled(this.#pending);
  }

  #run(
    environment: string,
    work: (
      deploy: LiveDeploy,
      accept: (decision: Decision | undefined) => void,
    ) => Promise<DeployEnd>,
  ): Promise<DeployStarted> {
    this.#closing.signal.throwIfAborted();
    const deploy = new LiveDeploy(environment);
    const { deployId } = deploy;
    return new Promise((resolve, reject) => {
      const accept = (decision: Decision | undefined): void => {
        if (this.#deploys.has(deployId)) return;
        this.#deploys.set(deployId, deploy);
        this.#notify();
        resolve({ deployId, environment, ...(decision === undefined ? {} : { decision }) });
      };
      const run = work(deploy, accept).then(
        (end) => {
          deploy.push(end);
        },
        (error: unknown) => {
          deploy.push({ type: 'end', status: 'failed', sentence: messageOf(error) });
          // Of no effect once it was accepted: its stream tells.
          reject(error instanceof Error ? error : new Error(messageOf(error)));
        },
      );
      this.#pending.add(run);
      void run.finally(() => {
        this.#pending.delete(run);
        this.#forgetOldest();
        this.#notify();
      });
    });
  }

  #notify(): void {
    for (const listener of this.#listeners) listener();
  }

  #signalOf(deploy: LiveDeploy): AbortSignal {
    return AbortSignal.any([deploy.controller.signal, this.#closing.signal]);
  }

  #endOf(deploy: LiveDeploy, { record, runId }: RecordedRollout): DeployEnd {
    const hasFailed = record.status === 'failed';
    const isCancelled = hasFailed && this.#signalOf(deploy).aborted;
    return {
      type: 'end',
      status: isCancelled ? 'cancelled' : record.status,
      sentence: record.cause ?? `${record.capsuleHash.slice(0, 12)} is active.`,
      runId,
      record,
    };
  }

  #forgetOldest(): void {
    const ended = [...this.#deploys].filter(([, deploy]) => deploy.end !== undefined);
    for (const [deployId] of ended.slice(0, -ENDED_HELD)) this.#deploys.delete(deployId);
  }
}

function listenerOf(deploy: LiveDeploy): DeployListener {
  return {
    onStart: (step) => {
      deploy.push({ type: 'started', step });
    },
    onStep: (step) => {
      deploy.push({ type: 'step', ...step });
    },
    onLine: (line) => {
      deploy.push({ type: 'log', line });
    },
  };
}

function refusal(decision: Decision): MeshSimError {
  return new MeshSimError('gate-refused', reasonsOf(decision).join(' '));
}
