import path from 'node:path';
import type { Command } from 'commander';
import { configFolder } from '../../signing/configFolder.ts';
import {
  ALLOWED_SIGNERS_FILE,
  CAPSULE_KEY_FILE,
  LEDGER_KEY_FILE,
  openKeyring,
  refusedSigners,
} from '../../signing/keyring.ts';
import { allowedSignersLine, publicKeyPem } from '../../signing/publicKey.ts';
import { MeshSimError } from '../../base/errors.ts';
import { printLine, type CommandContext } from '../commandContext.ts';

const PRINCIPAL = 'mesh-sim';

export function addKeysCommands(program: Command, context: CommandContext): void {
  const keys = program
    .command('keys')
    .summary('show the Capsule key and the ledger key, creating them on first use')
    .action(() => show(context));
  keys
    .command('export')
    .summary("print the Capsule key's public half")
    .option('--pem', 'as SPKI PEM, for cosign and oai-verify-sim --key')
    .option('--signer', 'as a line for an allowed_signers file')
    .action((flags: { pem?: boolean; signer?: boolean }) => exportKey(context, flags));
}

async function show(context: CommandContext): Promise<void> {
  const folder = configFolder(context.environment);
  const keyring = await openKeyring(folder);
  printLine(
    context,
    `Capsule key  ${keyring.capsule.keyid}  ${path.join(folder, CAPSULE_KEY_FILE)}`,
  );
  printLine(context, `Ledger key   ${keyring.ledger.keyid}  ${path.join(folder, LEDGER_KEY_FILE)}`);
  for (const sentence of await refusedSigners(path.join(folder, ALLOWED_SIGNERS_FILE))) {
    printLine(context, sentence);
  }
}

async function exportKey(
  context: CommandContext,
  flags: { pem?: boolean; signer?: boolean },
): Promise<void> {
  if (flags.pem === flags.signer) {
    throw new MeshSimError('usage', 'mesh-sim keys export: give either --pem or --signer.');
  }
  const { capsule } = await openKeyring(configFolder(context.environment));
  const text =
    flags.pem === true
      ? publicKeyPem(capsule.publicKey)
      : allowedSignersLine(capsule.publicKey, PRINCIPAL, 'mesh-sim');
  printLine(context, text.trimEnd());
}
