import { fork, type ChildProcess } from 'node:child_process';
import { comesFirst } from '../../../agent/processes/precedence.ts';
import { MeshSimError, messageOf } from '../../../base/errors.ts';
import { LastWords, nodeProgramEnv } from '../../real/nodeProgram.ts';
import type { PipesCommand, PipesMessage } from '../pipes/control.ts';
import { userEnvironment } from './userEnvironment.ts';

export interface PipesProcessOptions {
  /** dist/pipes.cjs. */
  readonly entry: string;
  readonly compileCacheFolder: string;
  readonly environment: NodeJS.ProcessEnv;
  /** It ended without having been stopped: no node on another host can be reached any more. */
  readonly onFailure: (error: MeshSimError) => void;
}

/** The orchestrator's side of the process that holds the pipes to other hosts. */
export class PipesProcess {
  /** What programs that reach hosts are given. */
  readonly environment: NodeJS.ProcessEnv;
  readonly #child: ChildProcess;
  readonly #listeners = new Map<number, (message: PipesMessage) => void>();
  readonly #gone: Promise<void>;
  #isStopping = false;

  constructor({ entry, compileCacheFolder, environment, onFailure }: PipesProcessOptions) {
    this.environment = userEnvironment(environment);
    this.#child = fork(entry, [], {
      execArgv: [],
      serialization: 'advanced',
      detached: process.platform !== 'win32',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      env: { ...this.environment, ...nodeProgramEnv(compileCacheFolder) },
    });
    // It carries packets, as ssh does, which is of its session. Who may not put it first has put the nodes here behind others.
    if (this.#child.pid !== undefined) comesFirst(this.#child.pid);
    const lastWords = new LastWords();
    this.#child.stderr?.on('data', (bytes: Buffer) => lastWords.push(bytes));
    this.#child.on('message', (message: PipesMessage) =>
      this.#listeners.get(message.node)?.(message),
    );
    this.#gone = new Promise((resolve) => {
      const end = (how: string) => {
        resolve();
        // Whoever waits for a host waits no more.
        for (const [node, listener] of this.#listeners) {
          listener({ type: 'gone', node, code: null, words: '' });
        }
        if (this.#isStopping) return;
        this.#isStopping = true;
        const text = `The process that holds the pipes to other hosts ${how}: run again, and report this if it happens again.`;
        onFailure(new MeshSimError('host-failed', text));
      };
      this.#child.once('error', (error) => end(`could not be started (${messageOf(error)})`));
      this.#child.once('close', (code, signal) => end(lastWords.endedBy(code, signal)));
    });
  }

  /** What is said of one node. */
  listen(node: number, listener: (message: PipesMessage) => void): void {
    this.#listeners.set(node, listener);
  }

  send(command: PipesCommand): void {
    if (this.#child.connected) this.#child.send(command, () => undefined);
  }

  /** Resolves when it is gone; the programs it had started end as their stdin does. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    this.#child.kill('SIGKILL');
    await this.#gone;
  }
}
