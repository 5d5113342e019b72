import type { Command } from 'commander';
import { compareRunsOrFiles } from '../../studio/runs/comparedRuns.ts';
import {
  openWorkspace,
  paintOf,
  printJson,
  printLine,
  type CommandContext,
} from '../commandContext.ts';
import { comparisonLines } from '../comparisonLines.ts';

interface CompareFlags {
  readonly workspace: string;
  readonly json?: boolean;
}

export function addCompareCommand(program: Command, context: CommandContext): void {
  program
    .command('compare <A> <B>')
    .summary('print two runs side by side: what changed, and how they went')
    .description(
      'Verifies the evidence of two runs, each by its simId or as a .capsim file, and prints what differs: plan, Capsule,\nmachine, events, invariants, objectives, phases and latency. B is held against A.\nWhat is not verified, or not here, is not compared, and says why. Exit 0 when both could be read.',
    )
    .option('--workspace <folder>', 'the folder that holds .meshsim', '.')
    .option('--json', 'print the comparison as one JSON object')
    .action((a: string, b: string, flags: CompareFlags) => compare(context, a, b, flags));
}

async function compare(
  context: CommandContext,
  a: string,
  b: string,
  flags: CompareFlags,
): Promise<void> {
  const comparison = await compareRunsOrFiles(openWorkspace(context, flags.workspace), a, b);
  if (flags.json === true) {
    printJson(context, comparison);
    return;
  }
  for (const line of comparisonLines(comparison, paintOf(context))) printLine(context, line);
}
