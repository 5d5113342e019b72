import { spawn, type ChildProcess } from 'node:child_process';
import { setImmediate as nextTurn, setTimeout as delay } from 'node:timers/promises';
import { MemoryLimit } from '../../base/memoryLimit.ts';
import type { CapsuleService } from '../../model/capsule.ts';
import type { Command } from '../../model/registry.ts';
import type { Redactor } from '../../vault/redactor.ts';
import type { Box } from '../box/box.ts';
import type { ServiceProcesses } from '../nodeProcesses.ts';
import { afterOthers, sessionAfterOthers } from '../processes/precedence.ts';
import { ownMark } from '../processes/runMark.ts';
import type { Keeper } from './daemonKeeper.ts';
import { errorLine, MOST_LINES } from './errorLine.ts';
import { resolveCommand } from './program.ts';
import { RedactedLines } from './redactedLines.ts';

export type OutputStream = 'stdout' | 'stderr';

export interface ServiceCommand {
  /** Whose it is. */
  readonly service: Pick<CapsuleService, 'name'>;
  readonly command: Command;
  readonly folder: string;
  /** Which run of the health command it is; left out: it is none. */
  readonly check?: string;
  /** Stays while anything is left that the command started; left out: nothing does. */
  readonly keeper?: Keeper | undefined;
  /** The whole environment, but for the mark of the run. */
  readonly env: Readonly<Record<string, string>>;
  readonly hostPath: string;
  /** The part of the host's search path that cannot be seen in the box. */
  readonly hiddenPath: string;
  /** Where it runs; undefined: on the host. */
  readonly box: Box | undefined;
  /** Its output is masked before anything else is done with it. */
  readonly redactor: Redactor;
  /** Knows all that this process will start. */
  readonly processes: Pick<ServiceProcesses, 'started' | 'ownerOf'>;
  readonly onLine: (stream: OutputStream, text: string) => void;
}

/** How a process ended, in words for a sentence, and the line of its stderr (else stdout) that names its error. */
export interface ServiceExit {
  readonly code: number | null;
  readonly words: string;
  readonly errorLine: string;
  /** Why the system did not start it: may be the machine's fault. */
  readonly cause?: Error;
}

function endWords(code: number | null, signal: NodeJS.Signals | null, memory: MemoryLimit): string {
  if (code !== null) return `exited with code ${code}`;
  const why = signal === 'SIGKILL' ? memory.whyEnded() : undefined;
  return `was ended by ${signal ?? 'a signal'}${why === undefined ? '' : ` (${why})`}`;
}

/** A process that ended may have left its pipes to a child; its last words are awaited no longer than this. */
const DRAIN_LIMIT_MS = 200;

/**
 * One process of a service: start command, build or health command. It stays in the agent's process group, so whatever happens to
 * the agent happens to it and to its children; in a whole box, which ends with the node, it leads a session of its own.
 */
export class ServiceProcess {
  readonly exited: Promise<ServiceExit>;
  readonly #child: ChildProcess;
  readonly #box: Box | undefined;
  /** What was ended for want of memory since this process began. */
  readonly #memory = new MemoryLimit();
  /** What it said last. */
  readonly #lastLines: Record<OutputStream, string[]> = { stdout: [], stderr: [] };

  /** @throws MeshSimError `service-failed` when the program is not on this host. */
  constructor(options: ServiceCommand) {
    const { service, command, folder, box, processes } = options;
    const owner = processes.ownerOf({ service: service.name, check: options.check });
    const hides = (file: string) => box?.view?.hides(file) ?? false;
    const { extraEnv, ...found } = resolveCommand(command, folder, { ...options, hides });
    const program =
      options.keeper?.(box?.view?.pathInside(found.file) ?? found.file, found.args) ?? found;
    const inside = box?.commandInside(program.file, program.args, folder) ?? program;
    const { file, args } = afterOthers(inside);
    // Whatever it is in, all of a whole box ends with its node.
    const ownSession = box?.isolation === 'full';
    this.#child = spawn(file, args, {
      cwd: folder,
      env: { ...options.env, ...extraEnv, ...ownMark(owner) },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: ownSession,
      windowsHide: true,
    });
    if (this.#child.pid !== undefined) {
      processes.started(this.#child.pid, folder, owner, ownSession);
      if (ownSession) sessionAfterOthers(this.#child.pid);
    }
    const drained = Promise.all(
      (['stdout', 'stderr'] as const).map((stream) => this.#read(stream, options)),
    );
    this.exited = this.#watch(drained);
  }

  /** Undefined: it could not be started. */
  get pid(): number | undefined {
    return this.#child.pid;
  }

  #read(stream: OutputStream, { redactor, onLine }: ServiceCommand): Promise<void> {
    const lines = new RedactedLines(redactor, (text) => {
      const kept = this.#lastLines[stream];
      kept.push(text);
      if (kept.length > MOST_LINES) kept.shift();
      onLine(stream, text);
    });
    const source = this.#child[stream];
    return new Promise((resolve) => {
      source?.on('data', (bytes: Buffer) => lines.push(bytes));
      source?.on('close', () => {
        lines.end();
        resolve();
      });
    });
  }

  #watch(drained: Promise<unknown>): Promise<ServiceExit> {
    return new Promise((resolve) => {
      const end = async (code: number | null, words: string, cause?: Error) => {
        await Promise.race([drained, delay(DRAIN_LIMIT_MS)]);
        // On a busy machine the limit may pass before this process has come to read what lies in the pipes.
        await nextTurn();
        const { stdout, stderr } = this.#lastLines;
        const line = errorLine(stderr, stdout);
        resolve({ code, words, errorLine: line, ...(cause === undefined ? {} : { cause }) });
      };
      this.#child.once(
        'error',
        (error) => void end(null, `could not be started: ${error.message}`, error),
      );
      this.#child.once(
        'exit',
        (code, signal) => void end(code, endWords(code, signal, this.#memory)),
      );
    });
  }
}
