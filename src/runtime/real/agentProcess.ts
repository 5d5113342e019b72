import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { AgentCommand } from '../../wire/control.ts';
import { reportSchema, type AgentReport } from '../../wire/report.ts';
import { stepsBack } from '../../agent/processes/precedence.ts';
import type { NodeDisk } from './disk/nodeDisk.ts';
import { LastWords, nodeProgramEnv, starved } from './nodeProgram.ts';
import type { RedactionStream } from '../../vault/redactionStream.ts';
import type { Redactor } from '../../vault/redactor.ts';

export interface AgentProcessOptions {
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
  /** Masks its last words before they are cut. */
  readonly redactor: Redactor;
  readonly onReport: (report: AgentReport) => void;
  /** The system gave no process, or one without the threads and memory that Node.js needs. `onEnd` follows. */
  readonly onUnable: (error: Error) => void;
  /** It ended, in words: "exited with code 1: <last line of stderr>". Comes after its last report. */
  readonly onEnd: (words: string) => void;
}

/**
 * From its start to its first report. Where the system refuses some of its threads, Node.js either ends itself or waits for them
 * for ever; a start takes 0.1 s, or a few on a busy machine.
 */
const START_LIMIT_MS = 30_000;

/** One agent: a process that leads its own group, spoken to in lines of JSON. */
export class AgentProcess {
  /** Resolves once the process is gone and its pipes are read to the end. */
  readonly ended: Promise<void>;
  readonly #options: AgentProcessOptions;
  readonly #child: ChildProcess;
  readonly #redaction: RedactionStream;
  readonly #lastWords = new LastWords();
  #fault = '';
  readonly #startLimit: NodeJS.Timeout;
  #isGone = false;

  constructor(options: AgentProcessOptions) {
    this.#options = options;
    this.#redaction = options.redactor.stream();
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
    this.#startLimit = setTimeout(() => {
      this.#options.onUnable(starved(`said nothing for ${START_LIMIT_MS / 1_000} s`, ''));
      this.kill();
    }, START_LIMIT_MS);
    if (options.stepsBack === true && this.#child.pid !== undefined) stepsBack(this.#child.pid);
    // First: one that could not be started says so by an event that somebody has to hear.
    this.ended = this.#watch();
    this.#readReports();
    this.#child.stderr?.on('data', (bytes: Buffer) =>
      this.#lastWords.push(this.#redaction.push(bytes)),
    );
    // Commands to an agent that has just died are lost with it; its end is reported by `onEnd`.
    this.#child.stdin?.on('error', () => undefined);
  }

  /** Undefined: it could not be started. */
  get pid(): number | undefined {
    return this.#child.pid;
  }

  send(command: AgentCommand): void {
    if (this.#child.stdin?.writable === true) {
      this.#child.stdin.write(`${JSON.stringify(command)}\n`);
    }
  }

  /** SIGKILL to the agent and to everything it started. */
  kill(): void {
    const { pid } = this.#child;
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

  get isGone(): boolean {
    return this.#isGone;
  }

  #readReports(): void {
    // Missing when the system had no process to give, whatever its type says.
    const input = this.#child.stdout as Readable | null | undefined;
    if (input === null || input === undefined) return;
    const lines = createInterface({ input, crlfDelay: Infinity });
    lines.on('line', (line) => {
      if (this.#fault !== '') return;
      try {
        this.#options.onReport(reportSchema.parse(JSON.parse(line)));
        clearTimeout(this.#startLimit);
      } catch {
        // What it said may be part of a secret: it is not quoted, and an error would.
        this.#fault = `said something that is no report (a line of ${line.length} characters)`;
        this.kill();
      }
    });
  }

  #watch(): Promise<void> {
    return new Promise((resolve) => {
      const end = (words: string) => {
        if (this.#isGone) return;
        this.#isGone = true;
        clearTimeout(this.#startLimit);
        this.#options.onEnd(words);
        resolve();
      };
      this.#child.once('error', (error) => {
        this.#options.onUnable(error);
        end(`could not be started: ${error.message}`);
      });
      this.#child.once('exit', () => {
        // What it started must not outlive it, and would keep its pipes open.
        this.kill();
      });
      this.#child.once('close', (code, signal) => {
        this.#lastWords.push(this.#redaction.end());
        if (signal === 'SIGABRT') {
          this.#options.onUnable(starved('aborted', this.#lastWords.toString()));
        }
        end(this.#fault !== '' ? this.#fault : this.#lastWords.endedBy(code, signal));
      });
    });
  }
}
