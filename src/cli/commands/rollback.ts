import type { Command } from 'commander';
import { rollBack } from '../../studio/deploy/deployRollback.ts';
import { openWorkspace, printJson, printLine, type CommandContext } from '../commandContext.ts';
import { deployReporter, deploySignal, outcomeLine } from '../deployReporter.ts';
import { EXIT } from '../exitCodes.ts';

interface RollbackFlags {
  readonly env: string;
  readonly to?: string;
  readonly workspace: string;
  readonly json?: boolean;
}

export function addRollbackCommand(program: Command, context: CommandContext): void {
  program
    .command('rollback')
    .summary('make the Capsule that was deployed before active again')
    .requiredOption('--env <name>', 'an environment of mesh.environments.json')
    .option('--to <hash>', 'another Capsule that was deployed there; a prefix is enough')
    .option('--workspace <folder>', 'the folder that holds .meshsim', '.')
    .option('--json', 'print one JSON object per line')
    .action((flags: RollbackFlags) => rollback(context, flags));
}

async function rollback(context: CommandContext, flags: RollbackFlags): Promise<void> {
  const isJson = flags.json === true;
  const recorded = await rollBack(openWorkspace(context, flags.workspace), {
    environment: flags.env,
    to: flags.to,
    signal: deploySignal(context),
    listener: deployReporter(context, isJson),
  });
  const { record, ledgerIndex } = recorded;
  if (record.status === 'failed') {
    process.exitCode = context.signal.aborted ? EXIT.interrupted : EXIT.fail;
  }
  if (isJson) printJson(context, { type: 'end', ...record, ledgerIndex });
  else printLine(context, outcomeLine(recorded));
}
