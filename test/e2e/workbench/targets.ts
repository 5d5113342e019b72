import type { LedgerEntry } from '../../../src/model/ledgerEntry.ts';
import type { CommandLine } from '../../support/commandLine.ts';
import { createTargets, type Targets } from '../../support/deployTargets.ts';
import { expect, test as base } from './workbench.ts';

export { expect };

/** The window of a spec file on a product of its own, with folders to deploy to. */
export const test = base.extend<{ readonly targets: Targets }>({
  targets: async ({ product }, use) => {
    const targets = await createTargets(product.folder);
    await use(targets);
    await targets.dispose();
  },
});

/** Hashes of what was packed in a folder, newest first. */
export async function capsulesOf(commandLine: CommandLine, folder: string): Promise<string[]> {
  return (await ledgerOf(commandLine, folder))
    .filter(({ kind }) => kind === 'pack')
    .map(({ capsuleHash }) => capsuleHash)
    .reverse();
}

/** The entries of a folder's ledger, oldest first, as its command prints them. */
export async function ledgerOf(
  commandLine: CommandLine,
  folder: string,
): Promise<readonly LedgerEntry[]> {
  const { stdout } = await commandLine.meshSim(['ledger', 'list', '--json'], folder);
  return stdout.split('\n').map((line) => JSON.parse(line) as LedgerEntry);
}
