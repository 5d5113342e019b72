import type { Command } from 'commander';
import { megabytes } from '../../base/quantity.ts';
import {
  buildLimit,
  listBuildResults,
  pruneBuildResults,
  sizeOf,
  type KeptResult,
} from '../../studio/runs/buildResults.ts';
import { openWorkspace, printJson, printLine, type CommandContext } from '../commandContext.ts';

interface CacheFlags {
  readonly workspace: string;
  readonly json?: boolean;
  readonly to?: string;
}

export function addCacheCommands(program: Command, context: CommandContext): void {
  const cache = program.command('cache').summary('list or remove kept results of builds');
  cache
    .command('ls')
    .summary('all that are kept, the one used last first')
    .option('--workspace <folder>', 'the folder that holds .meshsim', '.')
    .option('--json', 'one JSON object per line')
    .action((flags: CacheFlags) => list(context, flags));
  cache
    .command('prune')
    .summary('remove those used longest ago, and none that a run uses')
    .option('--workspace <folder>', 'the folder that holds .meshsim', '.')
    .option('--to <size>', 'until the rest is within this, such as 500MB or 0B (default the limit)')
    .option('--json', 'one JSON object per line')
    .action((flags: CacheFlags) => prune(context, flags));
}

async function list(context: CommandContext, flags: CacheFlags): Promise<void> {
  const limit = buildLimit(context.environment);
  const results = await listBuildResults(openWorkspace(context, flags.workspace));
  print(context, flags, results);
  if (flags.json === true) return;
  const total = results.reduce((sum, { bytes }) => sum + bytes, 0);
  printLine(context, `${results.length} results, ${megabytes(total)} of ${megabytes(limit)}`);
}

async function prune(context: CommandContext, flags: CacheFlags): Promise<void> {
  const limit = flags.to === undefined ? buildLimit(context.environment) : sizeOf('--to', flags.to);
  const removed = await pruneBuildResults(openWorkspace(context, flags.workspace), limit);
  print(context, flags, removed);
  if (flags.json === true) return;
  const total = removed.reduce((sum, { bytes }) => sum + bytes, 0);
  printLine(context, `removed ${removed.length} results, ${megabytes(total)}`);
}

function print(context: CommandContext, flags: CacheFlags, results: readonly KeptResult[]): void {
  for (const result of results) {
    const usedAt = new Date(result.usedAt).toISOString();
    if (flags.json === true) {
      printJson(context, { ...result, usedAt });
      continue;
    }
    const { key, service = 'unknown', bytes, inUse } = result;
    const use = inUse ? '  in use' : '';
    printLine(
      context,
      `${key.slice(0, 12)}  ${usedAt}  ${megabytes(bytes).padStart(10)}  ${service}${use}`,
    );
  }
}
