import { MeshSimError, messageOf } from '../../base/errors.ts';
import type { CaptureMode } from '../../model/captureMode.ts';
import type { Started, StreamEnd } from '../../model/api.ts';
import { simIdSchema } from '../../model/names.ts';
import { faultsWithoutEffect, idleFaultSentence } from '../../model/faultsWithoutEffect.ts';
import { nodeIdOf } from '../../model/nodeIds.ts';
import type { Plan } from '../../model/plan.ts';
import { openRun, type OpenedRun } from './recordedBuffer.ts';
import { LookedAtRuns } from './lookedAtRuns.ts';
import { RunBuffer } from './runBuffer.ts';
import { isUnderWay } from './runLock.ts';
import { replayPlan } from './runs.ts';
import { simulateMesh, type FinishedSimulation } from './simulateMesh.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { runPaths } from '../workspace/workspacePaths.ts';

/** Runs that ended are read from disk again when they are asked for; a few stay at hand for readers that reconnect. */
const ENDED_HELD = 3;

interface LiveRun {
  readonly buffer: RunBuffer;
  readonly controller: AbortController;
  readonly ended: Promise<StreamEnd>;
}

/** No part of a plan. */
export interface WhatToKeep {
  readonly capture?: CaptureMode | undefined;
  /** Keep the nodes up once the run is sealed. */
  readonly hold?: boolean | undefined;
}

/** The runs of this process: started, watched and cancelled by any number of clients. */
export class Simulations {
  /** What can be looked at of them. */
  readonly lookedAt = new LookedAtRuns();
  readonly #workspace: Workspace;
  readonly #runs = new Map<string, LiveRun>();
  /** Runs of other processes that somebody here follows. */
  readonly #followed = new Map<string, Promise<OpenedRun>>();
  /** Every run that was asked for and has not settled, accepted or not. */
  readonly #pending = new Set<Promise<unknown>>();
  readonly #closing = new AbortController();
  readonly #listeners = new Set<() => void>();

  constructor(workspace: Workspace) {
    this.#workspace = workspace;
  }

  /**
   * Resolves once the run was accepted and is about to start.
   * @throws MeshSimError as simulateMesh; `ledger-broken`; `run-busy` while another run of this workspace goes on
   */
  async start(plan: Plan, { capture, hold }: WhatToKeep = {}): Promise<Started> {
    const { held } = this.lookedAt;
    if (held !== undefined) {
      const sentence = `Simulation ${held} is held up to be looked at: end it first.`;
      throw new MeshSimError('run-busy', sentence);
    }
    this.#closing.signal.throwIfAborted();
    const controller = new AbortController();
    const signal = AbortSignal.any([controller.signal, this.#closing.signal]);
    return new Promise((resolve, reject) => {
      let buffer: RunBuffer | undefined;
      const run = simulateMesh(this.#workspace, {
        plan,
        keepRuns: false,
        concurrent: false,
        capture,
        hold,
        signal,
        onEvent: (event, line) => buffer?.push(event, line),
        onStart: ({ simId, links, beyondMachine }) => {
          this.lookedAt.begin(simId, links);
          buffer = new RunBuffer({ simId, plan, product: this.#workspace.options.product });
          const ended = this.#settle(run, buffer);
          this.#runs.set(simId, { buffer, controller, ended });
          this.#notify();
          resolve(startedOf(simId, plan, beyondMachine));
        },
      });
      this.#pending.add(run);
      run.catch(reject).finally(() => this.#pending.delete(run));
    });
  }

  /** Starts the plan of a sealed run once more. @throws as `start`, `run-unknown`, `evidence-invalid` */
  async replay(simId: string): Promise<Started> {
    const started = await this.start(await replayPlan(this.#workspace, simId));
    return { ...started, replayOf: simId };
  }

  /** @throws MeshSimError `run-unknown` when it does not run in this process */
  cancel(simId: string): void {
    const run = this.#runs.get(simId);
    if (run?.buffer.end === undefined && run !== undefined) {
      run.controller.abort(
        new MeshSimError('interrupted', 'Cancelled: everything was stopped, nothing was sealed.'),
      );
      return;
    }
    throw new MeshSimError('run-unknown', `Simulation ${simId} is not running here.`);
  }

  /** @throws MeshSimError `run-elsewhere` when it runs in another process, which alone can stop it */
  async assertNotElsewhere(simId: string): Promise<void> {
    if (this.isRunning(simId) || !(await this.isRunningAnywhere(simId))) return;
    throw new MeshSimError(
      'run-elsewhere',
      `Simulation ${simId} runs in another window or on the command line: cancel it there.`,
    );
  }

  /** simIds of the runs that go on, oldest first. */
  running(): string[] {
    return [...this.#runs].filter(([, run]) => run.buffer.end === undefined).map(([id]) => id);
  }

  isRunning(simId: string): boolean {
    const run = this.#runs.get(simId);
    return run !== undefined && run.buffer.end === undefined;
  }

  /** Whether it goes on here, in another window or on the command line. */
  async isRunningAnywhere(simId: string): Promise<boolean> {
    if (this.isRunning(simId)) return true;
    const isId = simIdSchema.safeParse(simId).success;
    return isId && isUnderWay(runPaths(this.#workspace.paths, simId));
  }

  /** The events of a run: of this process, followed from another one, or recorded. @throws MeshSimError as openRun */
  async events(simId: string): Promise<RunBuffer> {
    const own = this.#runs.get(simId)?.buffer;
    if (own !== undefined) return own;
    const opened = this.#followed.get(simId) ?? this.#open(simId);
    return (await opened).buffer;
  }

  /** How a run of this process ended; waits for it. @throws MeshSimError `run-unknown` */
  async finished(simId: string): Promise<StreamEnd> {
    const run = this.#runs.get(simId);
    if (run === undefined) {
      throw new MeshSimError('run-unknown', `Simulation ${simId} did not run here.`);
    }
    return run.ended;
  }

  /** Called whenever a run starts or ends. Returns the function that ends the subscription. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Cancels every run and resolves when all their processes are gone. */
  async dispose(): Promise<void> {
    this.#closing.abort(new MeshSimError('interrupted', 'The Studio was closed.'));
    await Promise.allSettled(this.#pending);
  }

  /** All readers of a run that goes on elsewhere share one; a run that is over is read anew by each. */
  #open(simId: string): Promise<OpenedRun> {
    const opened = openRun(this.#workspace, simId, this.#closing.signal);
    this.#followed.set(simId, opened);
    const forgotten = this.#forgetWhenOver(simId, opened).finally(() =>
      this.#pending.delete(forgotten),
    );
    this.#pending.add(forgotten);
    return opened;
  }

  async #forgetWhenOver(simId: string, opened: Promise<OpenedRun>): Promise<void> {
    const run = await opened.catch(() => undefined);
    await run?.following;
    this.#followed.delete(simId);
    if (run?.following !== undefined) this.#notify();
  }

  async #settle(run: Promise<FinishedSimulation>, buffer: RunBuffer): Promise<StreamEnd> {
    const finished = await run.catch(() => undefined);
    this.#holdUp(buffer.simId, finished);
    const end = await run
      .then((sealed) => this.#endOf(sealed))
      .catch((error: unknown) => failedEnd(buffer.simId, error));
    buffer.finish(end);
    this.#forgetOldest();
    this.#notify();
    return end;
  }

  /** One that is held up goes on until it is ended, or this process closes. */
  #holdUp(simId: string, finished: FinishedSimulation | undefined): void {
    const over = this.lookedAt.over(simId, finished?.held).then(() => {
      this.#pending.delete(over);
      if (finished?.held !== undefined) this.#notify();
    });
    this.#pending.add(over);
  }

  async #endOf({ simId, observation, recorded }: FinishedSimulation): Promise<StreamEnd> {
    // Of a run that is held up, nobody has looked for processes yet.
    const isAllHeld = observation.invariants.every(({ observed }) => observed === 'held');
    const holds = isAllHeld ? 'every invariant holds' : 'no invariant was violated';
    const sentence = observation.cause ?? `All nodes are READY and ${holds}.`;
    const end = { simId, outcome: observation.outcome, sentence };
    if (recorded === undefined) return end;
    const row = (await this.#workspace.index()).rows()[recorded.ledgerIndex];
    return row === undefined ? end : { ...end, runId: row.leafHash };
  }

  #forgetOldest(): void {
    const ended = [...this.#runs].filter(([, run]) => run.buffer.end !== undefined);
    for (const [simId] of ended.slice(0, -ENDED_HELD)) this.#runs.delete(simId);
  }

  #notify(): void {
    for (const listener of this.#listeners) listener();
  }
}

function startedOf(simId: string, plan: Plan, beyondMachine: readonly string[]): Started {
  const nodeIds = Array.from({ length: plan.params.nodes }, (_, index) => nodeIdOf(index));
  const warnings = [...faultsWithoutEffect(plan).map(idleFaultSentence), ...beyondMachine];
  const started = { simId, capsuleHash: plan.capsuleHash, nodeIds };
  return warnings.length === 0 ? started : { ...started, warnings };
}

function failedEnd(simId: string, error: unknown): StreamEnd {
  const isCancelled = error instanceof MeshSimError && error.code === 'interrupted';
  return { simId, outcome: isCancelled ? 'cancelled' : 'error', sentence: messageOf(error) };
}
