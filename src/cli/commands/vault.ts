import { buffer } from 'node:stream/consumers';
import type { Command } from 'commander';
import { MeshSimError } from '../../base/errors.ts';
import { configFolder } from '../../signing/configFolder.ts';
import { vaultIn } from '../../studio/workspace/secrets.ts';
import {
  importDotenv,
  importedSentences,
  listSecrets,
  secretText,
  SIMULATION_SCOPE,
} from '../../studio/workspace/vaultSecrets.ts';
import { printJson, printLine, type CommandContext } from '../commandContext.ts';
import { askedPassphrases, askHidden } from '../hiddenPrompt.ts';

interface ScopeFlags {
  readonly scope: string;
}

interface ListFlags {
  readonly scope?: string;
  readonly json?: boolean;
}

const SCOPE_OPTION = ['--scope <name>', '"sim", or the name of an environment'] as const;

export function addVaultCommands(program: Command, context: CommandContext): void {
  const vault = program
    .command('vault')
    .summary('keep the secrets that services name, encrypted, in your config folder')
    .description(
      'Secrets are kept in one age-encrypted file per scope. A simulation reads the scope "sim" and no other.\nThe passphrase is asked for, or taken from MESH_SIM_VAULT_PASSPHRASE. Values are never given as arguments.',
    );
  vault
    .command('set <name>')
    .summary('store a secret: its value is asked for, or read from a pipe')
    .option(...SCOPE_OPTION, SIMULATION_SCOPE)
    .allowExcessArguments()
    .action((name: string, flags: ScopeFlags, command: Command) => {
      // The usual complaint would repeat what may be the value.
      if (command.args.length > 1) throw valueAsArgument();
      return set(context, name, flags);
    });
  vault
    .command('list')
    .summary('names and scopes; never values')
    .option(...SCOPE_OPTION)
    .option('--json', 'one JSON object per line')
    .action((flags: ListFlags) => list(context, flags));
  vault
    .command('rm <name>')
    .summary('forget a secret')
    .option(...SCOPE_OPTION, SIMULATION_SCOPE)
    .action((name: string, flags: ScopeFlags) => remove(context, name, flags));
  vault
    .command('import <file>')
    .summary('store the secrets of a .env file, and name what is none')
    .option(...SCOPE_OPTION, SIMULATION_SCOPE)
    .action((file: string, flags: ScopeFlags) => importFile(context, file, flags));
}

function openVault(context: CommandContext) {
  const { environment } = context;
  const passphrases = askedPassphrases(context);
  return vaultIn({
    configFolder: configFolder(environment),
    environment,
    ...(passphrases === undefined ? {} : { passphrases }),
  });
}

async function set(context: CommandContext, name: string, { scope }: ScopeFlags): Promise<void> {
  const value = (await askHidden(context, `Value of ${name}: `)) ?? (await pipedValue());
  await openVault(context).set(scope, new Map([[name, value]]));
  printLine(context, `${name} is stored in the scope "${scope}".`);
}

function valueAsArgument(): MeshSimError {
  return new MeshSimError(
    'usage',
    'mesh-sim vault set takes the name alone: arguments are seen by everybody on this machine, so pipe the value in or type it when asked.',
  );
}

/** One line end at the end is the pipe's (echo), not the value's. */
async function pipedValue(): Promise<string> {
  const piped = secretText(await buffer(process.stdin), 'The value that is piped in');
  const value = piped.replace(/\r?\n$/, '');
  if (value !== '') return value;
  throw new MeshSimError(
    'usage',
    'mesh-sim vault set: pipe the value in, or run it in a terminal that can ask for it.',
  );
}

async function list(context: CommandContext, { scope, json }: ListFlags): Promise<void> {
  for (const secret of await listSecrets(openVault(context), scope)) {
    if (json === true) printJson(context, secret);
    else printLine(context, `${secret.scope}  ${secret.name}`);
  }
}

async function remove(context: CommandContext, name: string, { scope }: ScopeFlags): Promise<void> {
  await openVault(context).remove(scope, name);
  printLine(context, `${name} is no longer in the scope "${scope}".`);
}

async function importFile(
  context: CommandContext,
  file: string,
  { scope }: ScopeFlags,
): Promise<void> {
  const imported = await importDotenv(openVault(context), scope, file);
  for (const sentence of importedSentences(scope, imported)) printLine(context, sentence);
}
