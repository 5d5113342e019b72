import { Command, CommanderError } from 'commander';
import packageJson from '../../package.json' with { type: 'json' };
import { MeshSimError, messageOf } from '../base/errors.ts';
import { machineFault } from '../base/machineFault.ts';
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

/**
 * Runs mesh-sim with these arguments, its own name not among them. What ends it is told on standard error, and leaves
 * `process.exitCode`; it throws nothing.
 */
export async function runProgram(args: readonly string[], context: CommandContext): Promise<void> {
  try {
    const program = await buildProgram(args, context);
    await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    tellFailure(context, error);
  }
}

async function buildProgram(args: readonly string[], context: CommandContext): Promise<Command> {
  const program = new Command('mesh-sim')
    .description(
      'Rehearse a deploy on real node processes over an emulated network, and seal the outcome as evidence.',
    )
    .version(packageJson.version, '-V, --version')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void context.stdout.write(text),
      writeErr: () => undefined,
    })
    .enablePositionalOptions()
    .addHelpText('after', EXAMPLES);
  addSimulateAction(program, context);
  await addCommands(program, context, args);
  // Of the program alone: commands take over at once how the program is set up when they are added.
  return program.allowExcessArguments();
}

/** One line on standard error, and the exit code. */
export function tellFailure(context: CommandContext, thrown: unknown): void {
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
