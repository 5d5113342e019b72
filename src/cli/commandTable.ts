import type { Command } from 'commander';
import type { CommandContext } from './commandContext.ts';

type AddCommand = (program: Command, context: CommandContext) => void;

/**
 * Each command and how to load what it is made of, in the order of the help. A command is loaded when it is asked for:
 * what all of them need together takes longer to load than most of them take to run.
 */
const COMMANDS: readonly (readonly [names: readonly string[], load: () => Promise<AddCommand>])[] =
  [
    [['try'], async () => (await import('./commands/try.ts')).addTryCommand],
    [['init'], async () => (await import('./commands/init.ts')).addInitCommand],
    [['doctor'], async () => (await import('./commands/doctor.ts')).addDoctorCommand],
    [['pack'], async () => (await import('./commands/pack.ts')).addPackCommand],
    [
      ['export', 'show', 'replay'],
      async () => (await import('./commands/evidence.ts')).addEvidenceCommands,
    ],
    [['compare'], async () => (await import('./commands/compare.ts')).addCompareCommand],
    [['explore'], async () => (await import('./commands/explore.ts')).addExploreCommand],
    [['pcap'], async () => (await import('./commands/pcap.ts')).addPcapCommand],
    [['report'], async () => (await import('./commands/report.ts')).addReportCommand],
    [['regions'], async () => (await import('./commands/regions.ts')).addRegionsCommand],
    [['hosts'], async () => (await import('./commands/hosts.ts')).addHostsCommands],
    [['cache'], async () => (await import('./commands/cache.ts')).addCacheCommands],
    [['logs'], async () => (await import('./commands/logs.ts')).addLogsCommand],
    [['query'], async () => (await import('./commands/query.ts')).addQueryCommand],
    [['baseline'], async () => (await import('./commands/baseline.ts')).addBaselineCommands],
    [['ledger'], async () => (await import('./commands/ledger.ts')).addLedgerCommands],
    [['keys'], async () => (await import('./commands/keys.ts')).addKeysCommands],
    [['vault'], async () => (await import('./commands/vault.ts')).addVaultCommands],
    [['gate'], async () => (await import('./commands/gate.ts')).addGateCommand],
    [['deploy'], async () => (await import('./commands/deploy.ts')).addDeployCommand],
    [['rollback'], async () => (await import('./commands/rollback.ts')).addRollbackCommand],
    [['trust'], async () => (await import('./commands/trust.ts')).addTrustCommand],
    [['studio'], async () => (await import('./commands/studio.ts')).addStudioCommand],
    [['mcp'], async () => (await import('./commands/mcp.ts')).addMcpCommand],
    [['help'], async () => (await import('./commands/help.ts')).addHelpCommand],
  ];

/** Asks for the help, which names every command, wherever it stands. */
const HELP: readonly string[] = ['-h', '--help'];

/** Adds the commands these arguments may mean: all of them, where help is wanted. */
export async function addCommands(
  program: Command,
  context: CommandContext,
  args: readonly string[],
): Promise<void> {
  for (const [names, load] of COMMANDS) {
    if (mayMean(args, names)) (await load())(program, context);
  }
}

function mayMean(args: readonly string[], names: readonly string[]): boolean {
  const [first, ...rest] = args;
  if (first === undefined) return false;
  if (first === 'help') return true;
  if (COMMANDS.some(([known]) => known.includes(first))) return names.includes(first);
  // What is no command is told by its name, which takes none of them.
  if (!first.startsWith('-')) return false;
  if (args.some((argument) => HELP.includes(argument))) return true;
  // A command may come after options of the program; what looks like one may be an option's value.
  return rest.some((argument) => names.includes(argument) || argument === 'help');
}
