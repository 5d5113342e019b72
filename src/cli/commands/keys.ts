import path from 'node:path';
import type { Command } from 'commander';
import { MeshSimError } from '../../base/errors.ts';
import { configFolder } from '../../signing/configFolder.ts';
import { revokeKey, rotateKey } from '../../signing/keyChange.ts';
import {
  CAPSULE_KEY_FILE,
  HELD_KEY_FILE,
  LEDGER_KEY_FILE,
  openKeyring,
  type Keyring,
} from '../../signing/keyring.ts';
import { allowedSignersLine, publicKeyPem } from '../../signing/publicKey.ts';
import { ALLOWED_SIGNERS_FILE, refusedSigners } from '../../signing/signersFile.ts';
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
  keys
    .command('rotate')
    .summary('sign with another Capsule key; what was signed with this one counts on')
    .option('--agent <fingerprint>', 'an Ed25519 key that ssh-agent holds; left out: a new one')
    .action((flags: { agent?: string }) => rotate(context, flags.agent));
  keys
    .command('revoke <fingerprint>')
    .summary('trust nothing that a key ever signed')
    .action((fingerprint: string) => revoke(context, fingerprint));
}

async function show(context: CommandContext): Promise<void> {
  const folder = configFolder(context.environment);
  const keyring = await openKeyring(folder, context.environment);
  printCapsuleKey(context, folder, keyring);
  printLine(context, `Ledger key   ${keyring.ledger.keyid}  ${path.join(folder, LEDGER_KEY_FILE)}`);
  for (const sentence of await refusedSigners(path.join(folder, ALLOWED_SIGNERS_FILE))) {
    printLine(context, sentence);
  }
}

function printCapsuleKey(context: CommandContext, folder: string, { capsule }: Keyring): void {
  const where =
    'ask' in capsule
      ? `held by ssh-agent, named in ${path.join(folder, HELD_KEY_FILE)}`
      : path.join(folder, CAPSULE_KEY_FILE);
  printLine(context, `Capsule key  ${capsule.keyid}  ${where}`);
}

async function rotate(context: CommandContext, agent: string | undefined): Promise<void> {
  const folder = configFolder(context.environment);
  const { keyring, replaced, isEnded, keptIn } = await rotateKey(
    folder,
    agent,
    Date.now(),
    context.environment,
  );
  printCapsuleKey(context, folder, keyring);
  if (replaced === undefined) return;
  const where = keptIn === undefined ? '' : `; its private half is in ${keptIn}`;
  const counts = isEnded
    ? 'counts for what it signed until now, and no longer'
    : 'signs nothing here any more, and counts as far as a line of allowed_signers says already';
  printLine(context, `${replaced} ${counts}${where}.`);
  printLine(context, 'Pack again before you rehearse: evidence is signed by the key that packed.');
}

async function revoke(context: CommandContext, fingerprint: string): Promise<void> {
  const folder = configFolder(context.environment);
  await revokeKey(folder, fingerprint);
  printLine(
    context,
    `Nothing that ${fingerprint} signed counts any more; its lines in ${path.join(folder, ALLOWED_SIGNERS_FILE)} are comments now.`,
  );
}

async function exportKey(
  context: CommandContext,
  flags: { pem?: boolean; signer?: boolean },
): Promise<void> {
  if (flags.pem === flags.signer) {
    throw new MeshSimError('usage', 'mesh-sim keys export: give either --pem or --signer.');
  }
  const { capsule } = await openKeyring(configFolder(context.environment), context.environment);
  const text =
    flags.pem === true
      ? publicKeyPem(capsule.publicKey)
      : allowedSignersLine(capsule.publicKey, PRINCIPAL, 'mesh-sim');
  printLine(context, text.trimEnd());
}
