import { Command, CommanderError } from 'commander';
import packageJson from '../../package.json' with { type: 'json' };
import { MeshSimError, messageOf } from '../base/errors.ts';
import { machineFault, outliveFileSizeLimit } from '../base/machineFault.ts';
import type { CommandContext } from './commandContext.ts';
import { addCommands } from './commandTable.ts';
import { addSimulateAction } from './commands/simulate.ts';
import { EXIT, exitCodeOf } from './exitCodes.ts';
import { terminalText } from './terminalText.ts';

const EXAMPLES = `
Examples:
  mesh-sim try                                             rehearse the repository you are in
  mesh-sim pack                                            prints the capsuleHash
  mesh-sim --capsule 3f9a21 --nodes 5 --latency 50-150     rehearse it on five nodes
  mesh-sim --capsule 3f9a21 --loss 4 --chaos crash-mid-deploy --seed 609
  mesh-sim --capsule 3f9a21 --drift n2:orders@9c0abe5      the drifted node must halt
  mesh-sim --capsule 3f9a21 --virtual --nodes 1000         the protocol in virtual time
  mesh-sim explore --capsule 3f9a21 --from 8c0c7f          the upgrade under 20 seeds
  mesh-sim gate --capsule 3f9a21 --env production          may it be deployed, and why not
  mesh-sim deploy --capsule 3f9a21 --env production        deploy it, if the gate lets it
  mesh-sim export 7d0c && oai-verify-sim --file 7d0c….capsim

Exit codes: 0 pass, 1 fail, 2 usage or bad input, 4 refused by a gate, 130 interrupted.`;

async function buildProgram(context: CommandContext): Promise<Command> {
  const program = new Command('mesh-sim')
    .description(
      'Rehearse a deploy on real node processes over an emulated network, and seal the outcome as evidence.',
    )
    .version(packageJson.version, '-V, --version')
    .exitOverride()
    .configureOutput({ writeErr: () => undefined })
    .enablePositionalOptions()
    .addHelpText('after', EXAMPLES);
  addSimulateAction(program, context);
  await addCommands(program, context, process.argv.slice(2));
  // Of the program alone: commands take over at once how the program is set up when they are added.
  return program.allowExcessArguments();
}

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

function fail(context: CommandContext, thrown: unknown): void {
  const error = machineFault(thrown) ?? thrown;
  if (error instanceof CommanderError) {
    // Help and version were asked for; everything else commander throws is a wrong call.
    process.exitCode = error.exitCode === 0 ? EXIT.pass : EXIT.usage;
    if (error.exitCode !== 0) {
      context.stderr.write(
        `usage: ${terminalText(error.message.replace(/^error: /, ''))} (see mesh-sim --help)\n`,
      );
    }
    return;
  }
  process.exitCode = exitCodeOf(error);
  const known = error instanceof MeshSimError;
  context.stderr.write(`${known ? error.code : 'internal'}: ${terminalText(messageOf(error))}\n`);
  if (!known && context.environment.MESH_SIM_DEBUG && error instanceof Error) {
    context.stderr.write(`${error.stack ?? ''}\n`);
  }
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
    fail(context, error);
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
    await (await buildProgram(context)).parseAsync();
  } catch (error) {
    fail(context, error);
  }
}

void main();
