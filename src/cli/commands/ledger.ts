import type { Command } from 'commander';
import { printable } from '../../base/visibleText.ts';
import type { LedgerEntry } from '../../model/ledgerEntry.ts';
import { allowedSignersLine } from '../../signing/publicKey.ts';
import { auditProvenance, listProvenance } from '../../studio/provenance/provenance.ts';
import { cosignLedger, witnessesOf } from '../../studio/provenance/witnesses.ts';
import { replaceFile } from '../../base/replaceFile.ts';
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
  readonly output?: string;
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
  ledger
    .command('cosign')
    .summary("vouch for somebody's ledger as it is now, as a witness of your own")
    .description(
      'Checks the whole ledger of a workspace, or of a copy of it, and that it still has everything you have cosigned of it\nbefore. Then signs its head with a key of its own, and puts that beside the ledger, where every audit and every gate\nof its owner asks for it: while it is there, they find out when an entry that you have seen is altered or gone.\nYou remember it too, and find out the next time you cosign.',
    )
    .option('--workspace <folder>', 'the folder that holds .meshsim', '.')
    .option('--output <file>', 'write it there, and leave the ledger as it is')
    .action((flags: LedgerFlags) => cosign(context, flags));
}

async function cosign(context: CommandContext, { workspace, output }: LedgerFlags): Promise<void> {
  const isFiled = output === undefined;
  const seen = await cosignLedger(openWorkspace(context, workspace), isFiled);
  const { key, note, size, before, file = output ?? '' } = seen;
  if (!isFiled) await replaceFile(file, note);
  const since =
    before === undefined ? 'all seen for the first time' : `${before} of them seen before`;
  printLine(context, `cosigned  ${size} entries, ${since}, by ${key.keyid}`);
  printLine(context, `          ${file}`);
  printLine(context, 'Its owner knows you by this line of allowed_signers:');
  printLine(context, allowedSignersLine(key.publicKey, 'name-of-the-witness', 'mesh-sim-witness'));
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
  const workspace = openWorkspace(context, flags.workspace);
  const audit = await auditProvenance(workspace, flags.since);
  const witnesses = await witnessesOf(workspace);
  if (flags.json === true) printJson(context, { ...audit, witnesses });
  else if (audit.ok) {
    const paint = paintOf(context);
    printLine(
      context,
      `${paint('green', '✔')} ledger intact: ${audit.size} entries, root ${audit.rootHash.slice(0, 16)}…`,
    );
    for (const { keyid, name, size, at } of witnesses) {
      const who = name ?? `${keyid}, who is no witness by your allowed_signers`;
      printLine(context, `  seen up to entry ${size - 1} by ${who}, ${at}`);
    }
  }
  if (audit.ok) return;
  process.exitCode = EXIT.fail;
  const { problem = 'the ledger does not verify' } = audit;
  if (flags.json !== true) context.stderr.write(`ledger-broken: ${printable(problem)}\n`);
}
