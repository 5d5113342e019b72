import { MeshSimError } from '../../base/errors.ts';
import type { EndedService } from '../nodeProcesses.ts';
import {
  doneFirstWork,
  isOverAfter,
  requireFreePorts,
  serviceFailure,
  type ServiceOptions,
} from './serviceStart.ts';
import { ServiceProcess, type ServiceExit } from './serviceProcess.ts';

/** A service that does its work and ends, such as a migration. It is healthy once it has exited with 0, and nobody asks it after that. */
export class OneShot {
  readonly #options: ServiceOptions;
  readonly #stopped = new AbortController();
  #process: ServiceProcess | undefined;
  #isDone = false;

  constructor(options: ServiceOptions) {
    this.#options = options;
  }

  get name(): string {
    return this.#options.service.name;
  }

  /** It has exited with 0. */
  get isDone(): boolean {
    return this.#isDone;
  }

  /**
   * Starts it and resolves once it has exited with 0; what it left running is ended. `onCalm`: others may start something meanwhile.
   * @param graceMs for what it left
   * @returns how it ended, one clause, with the processes that had left the node's group and were ended
   * @throws MeshSimError `service-failed` | `port-unavailable`, or an error that is the machine's fault
   */
  async start(onCalm: () => void, graceMs: number): Promise<string> {
    const { service, processes, onSpawned } = this.#options;
    await requireFreePorts(this.#options);
    const child = new ServiceProcess({ ...this.#options, command: service.start });
    this.#process = child;
    onSpawned();
    const exit = await this.#untilExit(child, service.health.deadlineMs, onCalm);
    if (exit.code !== 0) {
      throw this.#failure(
        `${exit.words}: a one-shot service is healthy once it has exited with 0`,
        exit,
      );
    }
    const { outlived } = await processes.endService(this.name, child.pid, graceMs);
    this.#isDone = true;
    const left = outlived.length === 0 ? '' : `, and left ${outlived.join(', ')}`;
    return `it exited with code 0${left}`;
  }

  /** Resolves when all of its processes are gone that could be ended. */
  async stop(graceMs: number): Promise<EndedService> {
    this.#stopped.abort();
    return this.#options.processes.endService(this.name, this.#process?.pid, graceMs);
  }

  /** @throws MeshSimError `service-failed` when it takes too long, `interrupted` when it is being stopped */
  async #untilExit(
    child: ServiceProcess,
    deadlineMs: number,
    onCalm: () => void,
  ): Promise<ServiceExit> {
    const settled = new AbortController();
    const signal = AbortSignal.any([settled.signal, this.#stopped.signal]);
    void doneFirstWork(child.pid, signal, deadlineMs, onCalm);
    try {
      const late = isOverAfter(deadlineMs, signal).then(() => undefined);
      const exit = await Promise.race([child.exited, late]);
      if (exit !== undefined) return exit;
      if (signal.aborted) throw new MeshSimError('interrupted', `${this.name} was stopped.`);
      throw this.#failure(`had not exited ${deadlineMs} ms after its start`);
    } finally {
      settled.abort();
    }
  }

  #failure(what: string, exit?: ServiceExit): MeshSimError {
    return serviceFailure(this.#options, what, exit);
  }
}
