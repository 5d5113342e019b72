import type { Command } from 'commander';
import { draftLines } from '../draftLines.ts';
import { paintOf, printJson, printLine, type CommandContext } from '../commandContext.ts';

interface InitFlags {
  readonly workspace: string;
  readonly from?: string;
  readonly profile?: readonly string[];
  readonly print?: boolean;
  readonly dryRun?: boolean;
  readonly force?: boolean;
  readonly json?: boolean;
}

export function addInitCommand(program: Command, context: CommandContext): void {
  program
    .command('init')
    .summary('draft mesh.services.json from what is in this folder')
    .description(
      'Reads a compose file, a Procfile, Kubernetes Deployments, or else packages, Python and Go projects and\nDockerfiles, writes a registry, and says where each field is from and what it could not know. Nothing is run.',
    )
    .option('--workspace <folder>', "the product's folder", '.')
    .option('--from <file>', 'read this compose file, Procfile or manifest')
    .option('--profile <name>', 'take the services of a compose profile too; repeatable', collect)
    .option('--dry-run', 'say what would be written, and write nothing')
    .option('--print', 'print the registry alone, and write nothing')
    .option('--force', 'replace a registry that is there')
    .option('--json', 'print one JSON object')
    .action((flags: InitFlags) => init(context, flags));
}

export function collect(value: string, earlier: readonly string[] = []): string[] {
  return [...earlier, value];
}

async function init(context: CommandContext, flags: InitFlags): Promise<void> {
  // Loaded this late: what reads all those files is needed by no other command.
  const { draftProduct, writeRegistry } = await import('../../studio/onramp/draftProduct.ts');
  const draft = await draftProduct(context, {
    folder: flags.workspace,
    from: flags.from,
    profiles: flags.profile ?? [],
    signal: context.signal,
  });
  const isWritten = flags.print !== true && flags.dryRun !== true;
  const file = isWritten
    ? await writeRegistry(flags.workspace, draft.text, flags.force === true)
    : undefined;
  if (flags.print === true) {
    context.stdout.write(draft.text);
    return;
  }
  if (flags.json === true) {
    const { registry, taken, gaps, notes } = draft;
    printJson(context, { file: file ?? null, registry, taken, gaps, notes });
    return;
  }
  for (const line of draftLines(draft, paintOf(context))) printLine(context, line);
  printLine(
    context,
    file === undefined
      ? 'Nothing was written.'
      : `Wrote ${file}. Next: mesh-sim doctor, mesh-sim pack.`,
  );
}
