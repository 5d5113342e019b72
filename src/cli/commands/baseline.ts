import type { Command } from 'commander';
import { pinBaseline, pinnedBaseline, unpinBaseline } from '../../studio/runs/baseline.ts';
import { openWorkspace, printLine, type CommandContext } from '../commandContext.ts';

interface BaselineFlags {
  readonly workspace: string;
}

export function addBaselineCommands(program: Command, context: CommandContext): void {
  const baseline = program
    .command('baseline')
    .summary('say which run others are compared with')
    .option('--workspace <folder>', 'the folder that holds .meshsim', '.')
    .action((flags: BaselineFlags) => show(context, flags));
  baseline
    .command('pin <simId>')
    .summary('compare every run with this one')
    .option('--workspace <folder>', 'the folder that holds .meshsim', '.')
    .action(async (simId: string, flags: BaselineFlags) => {
      const pinned = await pinBaseline(openWorkspace(context, flags.workspace), simId);
      printLine(context, `pinned  ${pinned}`);
    });
  baseline
    .command('unpin')
    .summary('compare with the last run that passed again')
    .option('--workspace <folder>', 'the folder that holds .meshsim', '.')
    .action((flags: BaselineFlags) => unpinBaseline(openWorkspace(context, flags.workspace)));
}

async function show(context: CommandContext, flags: BaselineFlags): Promise<void> {
  const pinned = await pinnedBaseline(openWorkspace(context, flags.workspace));
  printLine(
    context,
    pinned === undefined ? 'the last run before it that passed' : `pinned  ${pinned}`,
  );
}
