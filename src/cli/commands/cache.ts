import type { Command } from 'commander';
import { megabytes } from '../../base/quantity.ts';
import { buildLimit, sizeOf } from '../../studio/runs/buildResults.ts';
import { listKept, pruneKept, type Kept } from '../../studio/runs/keptCaches.ts';
import { openWorkspace, printJson, printLine, type CommandContext } from '../commandContext.ts';

interface CacheFlags {
  readonly workspace: string;
  readonly json?: boolean;
  readonly to?: string;
}

export function addCacheCommands(program: Command, context: CommandContext): void {
  const cache = program
    .command('cache')
    .summary('list or remove kept results of builds, and what their tools keep');
  cache
    .command('ls')
    .summary('all that is kept, what was used last first')
    .option('--workspace <folder>', 'the folder that holds .meshsim', '.')
    .option('--json', 'one JSON object per line')
    .action((flags: CacheFlags) => list(context, flags));
  cache
    .command('prune')
    .summary('remove what was used longest ago, and nothing that a run uses')
    .option('--workspace <folder>', 'the folder that holds .meshsim', '.')
    .option('--to <size>', 'until the rest is within this, such as 500MB or 0B (default the limit)')
    .option('--json', 'one JSON object per line')
    .action((flags: CacheFlags) => prune(context, flags));
}

async function list(context: CommandContext, flags: CacheFlags): Promise<void> {
  const limit = buildLimit(context.environment);
  const kept = await listKept(openWorkspace(context, flags.workspace));
  print(context, flags, kept);
  if (flags.json === true) return;
  printLine(context, `${summary(kept)}; results up to ${megabytes(limit)}`);
}

async function prune(context: CommandContext, flags: CacheFlags): Promise<void> {
  const limit = flags.to === undefined ? buildLimit(context.environment) : sizeOf('--to', flags.to);
  const removed = await pruneKept(openWorkspace(context, flags.workspace), limit);
  print(context, flags, removed);
  if (flags.json !== true) printLine(context, `removed ${summary(removed)}`);
}

function summary(kept: readonly Kept[]): string {
  const results = kept.filter((one) => 'key' in one).length;
  const total = kept.reduce((sum, { bytes }) => sum + bytes, 0);
  const tools = results < kept.length ? ', and what tools keep' : '';
  return `${results} results${tools}, ${megabytes(total)}`;
}

function print(context: CommandContext, flags: CacheFlags, kept: readonly Kept[]): void {
  for (const one of kept) {
    const usedAt = new Date(one.usedAt).toISOString();
    if (flags.json === true) {
      printJson(context, { ...one, usedAt });
      continue;
    }
    const [name, what] =
      'key' in one
        ? [one.key.slice(0, 12), one.service ?? 'unknown']
        : ['tools', one.tools.join(', ')];
    const use = one.inUse ? '  in use' : '';
    const size = megabytes(one.bytes).padStart(10);
    printLine(context, `${name.padEnd(12)}  ${usedAt}  ${size}  ${what}${use}`);
  }
}
