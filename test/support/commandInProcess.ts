import { Writable } from 'node:stream';
import { runProgram } from '../../src/cli/program.ts';
import { DIST, type CommandOutcome } from './commandLine.ts';

/** Keeps what is written to it. */
class Captured extends Writable {
  text = '';

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}

/** No terminal. */
function asStream(captured: Captured): NodeJS.WriteStream {
  const stream: unknown = captured;
  return stream as NodeJS.WriteStream;
}

/**
 * mesh-sim in this very process, in a third of the time of one of its own: for what it says, where another test of the command
 * starts it. One at a time, since a process has one working folder and one exit code.
 */
export async function meshSimInProcess(
  args: readonly string[],
  cwd: string,
  environment: NodeJS.ProcessEnv,
): Promise<CommandOutcome> {
  const [stdout, stderr] = [new Captured(), new Captured()];
  const before = { cwd: process.cwd(), exitCode: process.exitCode };
  process.chdir(cwd);
  process.exitCode = undefined;
  try {
    await runProgram(args, {
      environment,
      bundleFolder: DIST,
      product: 'mesh-sim-studio test',
      signal: new AbortController().signal,
      stdout: asStream(stdout),
      stderr: asStream(stderr),
    });
    return {
      exitCode: exitCodeNow(),
      stdout: withoutLastEnd(stdout.text),
      stderr: withoutLastEnd(stderr.text),
    };
  } finally {
    process.chdir(before.cwd);
    process.exitCode = before.exitCode;
  }
}

function exitCodeNow(): number {
  return Number(process.exitCode ?? 0);
}

/** As output of processes is told to tests. */
function withoutLastEnd(text: string): string {
  return text.replace(/\n$/, '');
}
