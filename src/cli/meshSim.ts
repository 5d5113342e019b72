import packageJson from '../../package.json' with { type: 'json' };
import { MeshSimError } from '../base/errors.ts';
import { outliveFileSizeLimit } from '../base/machineFault.ts';
import type { CommandContext } from './commandContext.ts';
import { EXIT } from './exitCodes.ts';
import { runProgram, tellFailure } from './program.ts';

/** The first signal asks for an orderly end, in which every process is stopped; a second one does not wait for it. */
function abortOnSignals(): AbortSignal {
  const controller = new AbortController();
  const interrupt = (): void => {
    if (controller.signal.aborted) process.exit(EXIT.interrupted);
    controller.abort(
      new MeshSimError('interrupted', 'Interrupted: everything was stopped, nothing was sealed.'),
    );
  };
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, interrupt);
  return controller.signal;
}

/** Capsules are zstd-compressed with Node's own zlib, which older releases lack. */
const OLDEST_NODE = [22, 15] as const;

function assertNodeVersion(): void {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const [oldestMajor, oldestMinor] = OLDEST_NODE;
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return;
  throw new MeshSimError(
    'usage',
    `mesh-sim needs Node.js ${OLDEST_NODE.join('.')} or newer, this is ${process.versions.node}: install a newer one, or let npm bring one along: npx -p node@24 -p ${packageJson.name} mesh-sim …`,
  );
}

async function main(): Promise<void> {
  const context: CommandContext = {
    environment: process.env,
    bundleFolder: __dirname,
    product: `${packageJson.name} ${packageJson.version}`,
    signal: abortOnSignals(),
    stdout: process.stdout,
    stderr: process.stderr,
  };
  const giveUp = (error: unknown): never => {
    tellFailure(context, error);
    process.exit();
  };
  // A reader that has seen enough (head, less) closes the pipe: that is no error.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(EXIT.pass);
    giveUp(error);
  });
  // What a machine lacks can show anywhere. Agents end with whoever started them.
  process.on('uncaughtException', giveUp);
  outliveFileSizeLimit();
  try {
    assertNodeVersion();
  } catch (error) {
    tellFailure(context, error);
    return;
  }
  await runProgram(process.argv.slice(2), context);
}

void main();
