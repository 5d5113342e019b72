import path from 'node:path';
import type { Command } from 'commander';
import { mebibytes } from '../../base/quantity.ts';
import { packWorkspace } from '../../studio/capsules/packCapsule.ts';
import { openWorkspace, printJson, printLine, type CommandContext } from '../commandContext.ts';

interface PackFlags {
  readonly registry: string;
  readonly allowDirty?: boolean;
  readonly json?: boolean;
}

export const UNCOMMITTED =
  'It can be rehearsed, and no gate accepts it: commit what differs, and pack again.';

export function addPackCommand(program: Command, context: CommandContext): void {
  program
    .command('pack')
    .summary('pack the services of mesh.services.json into a signed Capsule')
    .description(
      'Reads every service at its commit with git (never the working tree), signs the Capsule,\nrecords it in the ledger and prints its capsuleHash.',
    )
    .option('--registry <file>', 'the service registry', 'mesh.services.json')
    .option('--allow-dirty', 'pack although files differ from their commit; no gate accepts it')
    .option('--json', 'print one JSON object')
    .action((flags: PackFlags) => pack(context, flags));
}

async function pack(context: CommandContext, flags: PackFlags): Promise<void> {
  const registryFile = path.resolve(flags.registry);
  const workspace = openWorkspace(context, path.dirname(registryFile));
  const { capsule, bytes, manifestFile, ledgerIndex } = await packWorkspace(workspace, {
    registryFile,
    allowDirty: flags.allowDirty === true,
    signal: context.signal,
  });
  const { manifest, capsuleHash } = capsule;
  if (flags.json === true) {
    printJson(context, {
      capsuleHash,
      name: manifest.name,
      services: manifest.services.length,
      bytes,
      ledgerIndex,
      manifestFile,
      dirty: manifest.dirty ?? [],
    });
    return;
  }
  printLine(context, capsuleHash);
  // The hash alone goes to stdout, so that $(mesh-sim pack) is usable in a script.
  context.stderr.write(
    `Packed ${manifest.name}: ${manifest.services.length} services, ${mebibytes(bytes)}, ledger entry ${ledgerIndex}.\n`,
  );
  if (manifest.dirty !== undefined) context.stderr.write(`${UNCOMMITTED}\n`);
}
