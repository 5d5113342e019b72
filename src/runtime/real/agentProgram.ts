import { spawn, type ChildProcess } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { stepsBack } from '../../agent/processes/precedence.ts';
import type { NodeDisk } from './disk/nodeDisk.ts';
import { nodeProgramEnv } from './nodeProgram.ts';

export interface AgentProgramOptions {
  readonly bundle: string;
  /** Working folder: the node's own, so that whatever it starts can be found by it. */
  readonly folder: string;
  /** The node's own, where it has one. */
  readonly disk?: Pick<NodeDisk, 'commandInside'> | undefined;
  /** The mark of the run. */
  readonly env: Readonly<Record<string, string>>;
  readonly compileCacheFolder: string;
  /** It leaves the processor to the emulator, which has no other way to come first. */
  readonly stepsBack?: boolean;
}

export interface AgentProgramEvents {
  /** The system gave no process. `onClose` does not follow. */
  readonly onError: (error: Error) => void;
  /** It is gone, and its pipes were read to the end. */
  readonly onClose: (code: number | null, signal: NodeJS.Signals | null) => void;
}

/** The program of an agent as a process of this machine, which leads its own group. */
export class AgentProgram {
  readonly #child: ChildProcess;
  #isGone = false;

  constructor(options: AgentProgramOptions, events: AgentProgramEvents) {
    const { disk, bundle } = options;
    const { file, args } = disk?.commandInside(process.execPath, [bundle]) ?? {
      file: process.execPath,
      args: [bundle],
    };
    this.#child = spawn(file, args, {
      cwd: options.folder,
      env: {
        ...nodeProgramEnv(options.compileCacheFolder),
        ...options.env,
      },
      stdio: ['pipe', 'pipe', 'pipe'],
      detached: process.platform !== 'win32',
      windowsHide: true,
    });
    // First: one that could not be started says so by an event that somebody has to hear.
    this.#child.once('error', (error) => {
      this.#isGone = true;
      events.onError(error);
    });
    if (options.stepsBack === true && this.pid !== undefined) stepsBack(this.pid);
    this.#child.once('exit', () => {
      // What it started must not outlive it, and would keep its pipes open.
      this.kill();
    });
    this.#child.once('close', (code, signal) => {
      this.#isGone = true;
      events.onClose(code, signal);
    });
    // Commands to an agent that has just died are lost with it; its end is reported by `onClose`.
    this.input?.on('error', () => undefined);
  }

  /** Undefined: it could not be started. */
  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Where commands go. Missing, as the next two, when the system had no process to give, whatever its type says. */
  get input(): Writable | undefined {
    return this.#child.stdin ?? undefined;
  }

  get output(): Readable | undefined {
    return this.#child.stdout ?? undefined;
  }

  get errors(): Readable | undefined {
    return this.#child.stderr ?? undefined;
  }

  /** SIGKILL to the agent and to everything it started. */
  kill(): void {
    const { pid } = this;
    // The id of a process that is gone may be another one's by now.
    if (pid === undefined || this.#isGone) return;
    if (process.platform === 'win32') {
      // Not tested: there is no process group, so the tree is ended by the system's own tool.
      spawn('taskkill', ['/pid', String(pid), '/T', '/F'], { stdio: 'ignore' }).on('error', () =>
        this.#child.kill('SIGKILL'),
      );
      return;
    }
    try {
      process.kill(-pid, 'SIGKILL');
    } catch {
      // Nobody of the group is left.
    }
  }
}
