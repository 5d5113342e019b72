import type { MeshSimError } from '../../base/errors.ts';
import type { AskedHealth, Command } from '../../model/registry.ts';
import type { EndedService } from '../nodeProcesses.ts';
import { daemonKeeper, NO_KEEPER, type Keeper } from './daemonKeeper.ts';
import { connectToLoopback, probeOnce } from './probe.ts';
import {
  doneFirstWork,
  isOverAfter,
  requireFreePorts,
  serviceFailure,
  type ServiceOptions,
} from './serviceStart.ts';
import { ServiceProcess, type ServiceExit } from './serviceProcess.ts';

/** A service that was healthy may be disturbed for an instant; one that is not healthy for longer has failed. */
const RECOVERY_LIMIT_MS = 10_000;

export interface RunningServiceOptions extends ServiceOptions {
  readonly health: AskedHealth;
}

/** One service of this node from its start to its end. Every failure is one sentence that names service and node. */
export class RunningService {
  readonly #options: RunningServiceOptions;
  readonly #stopped = new AbortController();
  #process: ServiceProcess | undefined;
  #healthy = false;
  #checks = 0;
  #isKilled = false;

  constructor(options: RunningServiceOptions) {
    this.#options = options;
  }

  get name(): string {
    return this.#options.service.name;
  }

  /**
   * Starts it and resolves once it passed a health probe. `onCalm`: it has done its first work, and may wait for others.
   * @throws MeshSimError `service-failed` | `port-unavailable`, or an error that is the machine's fault; nothing to clean up but `stop`.
   */
  async start(onCalm: () => void): Promise<void> {
    await requireFreePorts(this.#options);
    const { service } = this.#options;
    const keeper = this.#keeper();
    const child = new ServiceProcess({ ...this.#options, command: service.start, keeper });
    this.#process = child;
    this.#options.onSpawned();
    const exited = child.exited.then((exit) => {
      throw this.#failure(`${this.#wordsOf(exit)} before it was healthy`, exit);
    });
    const settled = new AbortController();
    const signal = AbortSignal.any([settled.signal, this.#stopped.signal]);
    const { deadlineMs, timeoutMs } = this.#options.health;
    // So late at the latest that a probe has just the time it needs.
    const firstWork = doneFirstWork(
      child.pid,
      signal,
      Math.max(deadlineMs - timeoutMs, deadlineMs / 2),
      onCalm,
    );
    try {
      await Promise.race([exited, this.#untilHealthy(firstWork, signal)]);
    } finally {
      settled.abort();
    }
    this.#healthy = true;
  }

  /** Whether it passes its health check at this moment. Throws an error that is the machine's fault. */
  async probe(): Promise<boolean> {
    return (await probeOnce(this.#probeTarget(), this.#stopped.signal)) === null;
  }

  /**
   * Resolves once it passes its health check again: at once, unless it is disturbed at this moment.
   * @throws MeshSimError `service-failed` when it does not within RECOVERY_LIMIT_MS
   */
  async checkHealth(): Promise<void> {
    const { deadlineMs } = this.#options.health;
    const limitMs = Math.min(deadlineMs, RECOVERY_LIMIT_MS);
    const over = AbortSignal.any([this.#stopped.signal, AbortSignal.timeout(limitMs)]);
    const seen = await this.#probeUntil(over);
    if (seen === null || this.#stopped.signal.aborted) return;
    throw this.#failure(`was healthy before, but not at the end, asked for ${limitMs} ms: ${seen}`);
  }

  /** Calls `onDeath` when it ends on its own after it was healthy. */
  watch(onDeath: (failure: MeshSimError) => void): void {
    void this.#process?.exited.then((exit) => {
      if (this.#healthy && !this.#isKilled && !this.#stopped.signal.aborted) {
        onDeath(this.#failure(`${this.#wordsOf(exit)} after it was healthy`, exit));
      }
    });
  }

  /** It runs, and was healthy once. */
  get isUp(): boolean {
    return this.#healthy && !this.#isKilled && !this.#stopped.signal.aborted;
  }

  /** Stops its processes until `resume`; resolves to how many. */
  async pause(): Promise<number> {
    const { pid } = this.#process ?? {};
    return pid === undefined
      ? 0
      : this.#own(await this.#options.processes.pauseService(this.name, pid));
  }

  resume(): void {
    const { pid } = this.#process ?? {};
    if (pid !== undefined) this.#options.processes.resumeService(this.name, pid);
  }

  /** Kills it: that is no failure of its own. Resolves to how many processes it had, when they are gone. */
  async kill(): Promise<number> {
    this.#isKilled = true;
    const { pid } = this.#process ?? {};
    const count = pid === undefined ? 0 : await this.#options.processes.killService(this.name, pid);
    await this.#process?.exited;
    return this.#own(count);
  }

  /** Resolves when all of its processes are gone that could be ended. */
  async stop(graceMs: number): Promise<EndedService> {
    this.#stopped.abort();
    const ended = await this.#options.processes.endService(
      this.name,
      this.#process?.pid,
      graceMs,
      this.#isDaemon ? 'service' : 'group',
    );
    if (ended.immortal.length === 0) await this.#process?.exited;
    return ended;
  }

  get #isDaemon(): boolean {
    return this.#options.service.daemon === true;
  }

  /** @throws MeshSimError `service-failed` where a daemon cannot be kept */
  #keeper(): Keeper | undefined {
    if (!this.#isDaemon) return undefined;
    const keeper = daemonKeeper();
    if (keeper === undefined) throw this.#failure(NO_KEEPER);
    return keeper;
  }

  /** Without the keeper of a daemon, which is none of its processes. */
  #own(count: number): number {
    return this.#isDaemon ? Math.max(0, count - 1) : count;
  }

  /** The keeper of a daemon ends well when nothing is left to keep. */
  #wordsOf({ code, words }: ServiceExit): string {
    return this.#isDaemon && code === 0
      ? 'has no process left, though its start command exited with code 0,'
      : words;
  }

  /** A command may pass without asking the program: it says something only once the program has done its first work. */
  async #untilHealthy(firstWork: Promise<void>, signal: AbortSignal): Promise<void> {
    const { health } = this.#options;
    const over = AbortSignal.any([signal, AbortSignal.timeout(health.deadlineMs)]);
    if ('command' in health) await firstWork;
    const seen = await this.#probeUntil(over);
    if (seen === null || signal.aborted) return;
    throw this.#failure(`was not healthy within ${health.deadlineMs} ms: ${seen}`);
  }

  /** Null when a probe passed, else what the last one saw before it was `over`. */
  async #probeUntil(over: AbortSignal): Promise<string | null> {
    let seen = 'no probe was answered';
    for (;;) {
      const fault = await probeOnce(this.#probeTarget(), over);
      if (fault === null) return null;
      // A probe that was cut short by the end of the time has seen nothing.
      if (over.aborted) return seen;
      seen = fault;
      if (await isOverAfter(this.#options.health.intervalMs, over)) return seen;
    }
  }

  #probeTarget() {
    const { health, ports, box } = this.#options;
    return {
      health,
      ports,
      connect: (port: number) => box?.doorway.connect(port) ?? connectToLoopback(port),
      run: (command: Command, signal: AbortSignal) => this.#runCommand(command, signal),
    };
  }

  /** A run that did not pass leaves nothing behind: the next one would come on top of it. */
  async #runCommand(command: Command, signal: AbortSignal): Promise<number | null> {
    const check = `check-${(this.#checks += 1)}`;
    const run = new ServiceProcess({ ...this.#options, command, check, onLine: () => undefined });
    const aborted = new Promise<null>((resolve) => {
      if (signal.aborted) resolve(null);
      signal.addEventListener('abort', () => resolve(null), { once: true });
    });
    const exit = await Promise.race([run.exited, aborted]);
    if (exit?.code !== 0 && run.pid !== undefined) {
      await this.#options.processes.endCheck(this.name, check, run.pid);
    }
    signal.throwIfAborted();
    if (exit?.cause !== undefined) throw exit.cause;
    return exit?.code ?? null;
  }

  #failure(what: string, exit?: ServiceExit): MeshSimError {
    return serviceFailure(this.#options, what, exit);
  }
}
