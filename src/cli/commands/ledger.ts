import type { Command } from 'commander';
import { printable } from '../../base/visibleText.ts';
import type { LedgerEntry } from '../../model/ledgerEntry.ts';
import { auditProvenance, listProvenance } from '../../studio/provenance/provenance.ts';
import {
  openWorkspace,
  paintOf,
  printJson,
  printLine,
  type CommandContext,
} from '../commandContext.ts';
import { EXIT } from '../exitCodes.ts';

interface LedgerFlags {
  readonly workspace: string;
  readonly since?: string;
  readonly json?: boolean;
}

export function addLedgerCommands(program: Command, context: CommandContext): void {
  const ledger = program.command('ledger').summary('list or audit the provenance ledger');
  ledger
    .command('list')
    .summary('all entries, newest last')
    .option('--workspace <folder>', 'the folder that holds .meshsim', '.')
    .option('--json', 'one JSON object per line')
    .action((flags: LedgerFlags) => list(context, flags));
  ledger
    .command('verify')
    .summary('audit every entry, hash and proof; exit 1 when something does not fit')
    .option('--workspace <folder>', 'the folder that holds .meshsim', '.')
    .option('--since <file.capsim>', 'the ledger must still contain what this evidence saw of it')
    .option('--json', 'print one JSON object')
    .action((flags: LedgerFlags) => verify(context, flags));
}

async function list(context: CommandContext, flags: LedgerFlags): Promise<void> {
  const paint = paintOf(context);
  for (const { index, leafHash, entry } of await listProvenance(
    openWorkspace(context, flags.workspace),
  )) {
    if (flags.json === true) printJson(context, { index, leafHash, ...entry });
    else {
      const head = `${String(index).padStart(4)}  ${paint('dim', entry.at)}  ${entry.kind.padEnd(13)}`;
      printLine(context, `${head} ${entry.capsuleHash.slice(0, 12)}  ${factOf(entry)}`);
    }
  }
}

function factOf(entry: LedgerEntry): string {
  switch (entry.kind) {
    case 'pack':
      return `${entry.name}, ${entry.services} services${entry.dirty ? ', dirty' : ''}`;
    case 'sim-started':
      return entry.simId;
    case 'sim-result':
      return `${entry.simId} ${entry.outcome.toUpperCase()}`;
    case 'gate-decision':
      return `${entry.environment} ${entry.decision}`;
    case 'deploy':
      return `${entry.environment} ${entry.status}`;
  }
}

async function verify(context: CommandContext, flags: LedgerFlags): Promise<void> {
  const audit = await auditProvenance(openWorkspace(context, flags.workspace), flags.since);
  if (flags.json === true) printJson(context, audit);
  else if (audit.ok) {
    const paint = paintOf(context);
    printLine(
      context,
      `${paint('green', '✔')} ledger intact: ${audit.size} entries, root ${audit.rootHash.slice(0, 16)}…`,
    );
  }
  if (audit.ok) return;
  process.exitCode = EXIT.fail;
  const { problem = 'the ledger does not verify' } = audit;
  if (flags.json !== true) context.stderr.write(`ledger-broken: ${printable(problem)}\n`);
}
