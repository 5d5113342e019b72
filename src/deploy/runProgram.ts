import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { stripVTControlCharacters } from 'node:util';
import { MeshSimError, messageOf } from '../base/errors.ts';
import { printable, printableLines } from '../base/visibleText.ts';
import type { Command } from '../model/registry.ts';
import type { Redactor } from '../vault/redactor.ts';

export interface Program {
  readonly command: Command;
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  readonly onLine: (line: string) => void;
  /** Hides secrets in the output, before it becomes lines that are cut and told to anybody. */
  readonly redactor: Redactor;
  /** Goes to its standard input, which is closed otherwise. */
  readonly input?: AsyncIterable<Uint8Array>;
}

export interface ProgramEnd {
  readonly code: number | null;
  /** "exited with code 3", for a sentence. */
  readonly words: string;
  /** What it printed, without colours: at most `MAX_LINES` lines of both streams. */
  readonly lines: readonly string[];
}

const MAX_LINES = 200;
const MAX_LINE = 2_000;
/** From SIGTERM to SIGKILL, and from there to no longer listening to what left the group with the output in hand. */
const GRACE_MS = 5_000;

/**
 * Runs a program of the user's to its end, with all it starts in one process group: on time-out or cancel the whole group
 * is asked to end, then made to. @throws the signal's reason when it is aborted, `deploy-failed` when it cannot start
 */
export async function runProgram(program: Program): Promise<ProgramEnd> {
  const { signal, timeoutMs } = program;
  signal.throwIfAborted();
  const limit = AbortSignal.timeout(timeoutMs);
  const child = start(program);
  const lines: string[] = [];
  const read = Promise.all([child.stdout, child.stderr].map((stream) => readLines(stream)));
  const exited = exitOf(child);
  // Whichever fails first is awaited below; the other one must not be taken for unhandled meanwhile.
  for (const one of [read, exited]) one.catch(() => undefined);
  const stop = (): void => endGroup(child);
  const either = AbortSignal.any([signal, limit]);
  either.addEventListener('abort', stop, { once: true });
  try {
    await feed(child, program.input);
    const { code, words } = await exited;
    const isInTime = !limit.aborted;
    await read;
    signal.throwIfAborted();
    if (!limit.aborted) return { code, words, lines };
    const late = isInTime ? 'left something running that kept its output open for' : 'took';
    return { code: null, words: `${late} longer than ${timeoutMs} ms`, lines };
  } finally {
    either.removeEventListener('abort', stop);
  }

  async function readLines(stream: Readable | null): Promise<void> {
    if (stream === null) return;
    const reader = createInterface({ input: masked(stream, program.redactor) });
    for await (const text of reader) {
      // Without what steers a terminal, pieces of a secret may have come together.
      const line = program.redactor.text(stripVTControlCharacters(text)).slice(0, MAX_LINE);
      lines.push(line);
      if (lines.length > MAX_LINES) lines.shift();
      program.onLine(printableLines(line));
    }
  }
}

/** As `runProgram`, and anything but exit code 0 is a failure. @throws MeshSimError `deploy-failed`, in one sentence */
export async function mustRun(program: Program, what: string): Promise<readonly string[]> {
  const end = await runProgram(program);
  if (end.code === 0) return end.lines;
  throw new MeshSimError('deploy-failed', `${what} ${end.words}.${lastWords(end)}`);
}

/** The last line a program printed, as one more sentence; empty when it printed none. */
export function lastWords({ lines }: ProgramEnd): string {
  const last = lines.findLast((line) => line.trim() !== '')?.trim();
  if (last === undefined) return '';
  // It becomes part of a signed sentence that terminals show: nothing that steers them.
  return ` Its last line: ${printable(last).replace(/\.$/, '')}.`;
}

/** A stream that is given up on ends as well. What may go on in a secret is held back until it does not, or nothing follows. */
function masked(stream: Readable, redactor: Redactor): Readable {
  const redaction = redactor.stream();
  const output = new Transform({
    transform(bytes: Buffer, _, done) {
      done(null, redaction.push(bytes));
    },
    flush(done) {
      done(null, redaction.end());
    },
  });
  stream.once('close', () => output.end());
  return stream.pipe(output);
}

function start({ command, folder, env, input }: Program): ChildProcess {
  const [file, ...args] = typeof command === 'string' ? [command] : command;
  return spawn(file ?? '', args, {
    cwd: folder,
    env,
    shell: typeof command === 'string',
    detached: process.platform !== 'win32',
    stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    windowsHide: true,
  });
}

async function feed(child: ChildProcess, input: Program['input']): Promise<void> {
  if (input === undefined || child.stdin === null) return;
  try {
    await pipeline(Readable.from(input), child.stdin);
  } catch (error) {
    // A program that ends before it read everything closes the pipe: its exit code says what happened.
    if (error instanceof MeshSimError) {
      endGroup(child);
      throw error;
    }
  }
}

function exitOf(child: ChildProcess): Promise<Pick<ProgramEnd, 'code' | 'words'>> {
  return new Promise((resolve, reject) => {
    child.once('error', (error) => {
      reject(
        new MeshSimError('deploy-failed', `${child.spawnfile} cannot run (${messageOf(error)}).`, {
          cause: error,
        }),
      );
    });
    child.once('exit', (code, name) => {
      const words =
        code === null ? `was ended by ${name ?? 'a signal'}` : `exited with code ${code}`;
      resolve({ code, words });
    });
  });
}

function endGroup(child: ChildProcess): void {
  const { pid } = child;
  if (pid === undefined) return;
  if (process.platform === 'win32') {
    spawn('taskkill', ['/pid', String(pid), '/t', '/f'], { stdio: 'ignore' });
    return;
  }
  const send = (name: NodeJS.Signals): void => {
    try {
      process.kill(-pid, name);
    } catch {
      // The whole group is gone already.
    }
  };
  send('SIGTERM');
  const force = setTimeout(() => {
    send('SIGKILL');
    // Something in a session of its own may hold these for ever.
    child.stdout?.destroy();
    child.stderr?.destroy();
  }, GRACE_MS);
  child.once('close', () => {
    clearTimeout(force);
  });
}
