import type { Command } from 'commander';
import type { CommandContext } from '../commandContext.ts';
import { addPlanOptions, type SimulateFlags } from './simulate.ts';

export interface ExploreFlags extends SimulateFlags {
  readonly runs?: string;
  readonly minutes?: string;
  readonly shrinkRuns?: string;
}

export function addExploreCommand(program: Command, context: CommandContext): void {
  addPlanOptions(
    program
      .command('explore')
      .summary('run a plan under many seeds, and make what fails as small as it can be')
      .description(
        'Runs a plan again and again, each time with another seed, which draws the order of nodes, the way back and which of the\nfaults of the plan happen. Stops at the first run that fails, leaves out of its plan what the failure does not need, and\nsaves what is left as a *.meshplan.json.',
      ),
  )
    .option('--runs <n>', 'how many seeds, from --seed on (default 20, 1000 with --virtual)')
    .option('--minutes <n>', 'begin no run after so many minutes')
    .option(
      '--shrink-runs <n>',
      'how many runs shrinking may take (default 30, 1000 with --virtual)',
    )
    .option('--workspace <folder>', 'the folder that holds .meshsim', '.')
    .option('--concurrent', 'run although another run of this workspace is under way')
    .option('--json', 'print each run, and what all came to, as one JSON object per line')
    .option('--quiet', 'print only the verdict')
    .action(async (flags: ExploreFlags) => {
      const { exploreSeeds } = await import('../exploreSeeds.ts');
      await exploreSeeds(context, flags);
    });
}
