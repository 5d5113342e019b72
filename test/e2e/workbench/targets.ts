import { randomUUID } from 'node:crypto';
import type { LedgerEntry } from '../../../src/model/ledgerEntry.ts';
import type { CommandLine } from '../../support/commandLine.ts';
import { createTargets, type Targets } from '../../support/deployTargets.ts';
import { commitChange } from '../../support/harborPay.ts';
import { expect, test as base } from './workbench.ts';

export { expect };

interface Fixtures {
  readonly targets: Targets;
  /** Packs another content by the window's command; resolves with the hash. Who deploys is then asked which Capsule. */
  readonly packNew: () => Promise<string>;
  /** Of a Capsule that is of this test alone. */
  readonly capsuleHash: string;
  /** Runs the command "Deploy" up to the question where to. */
  readonly askWhere: (capsuleHash: string) => Promise<void>;
}

/**
 * The window of a spec file on a product of its own, with folders to deploy to. What one test deploys is in the ledger of the next:
 * each packs its own Capsules, and names its environments as no other does.
 */
export const test = base.extend<Fixtures>({
  targets: async ({ product }, use) => {
    const targets = await createTargets(product.folder);
    await use(targets);
    await targets.dispose();
  },
  packNew: async ({ editor, window, product }, use) => {
    const packs = window.rows(/^Pack /);
    // Of one Capsule alone nobody would be asked which.
    if ((await packs.count()) === 0) await window.pack();
    await use(async () => {
      const before = await packs.count();
      await commitChange(product, 'web/version.txt', randomUUID());
      await window.runCommand('Mesh-Sim: Pack Capsule');
      await expect(packs).toHaveCount(before + 1);
      const [newest = ''] = await capsulesOf(editor.commandLine, product.folder);
      return newest;
    });
  },
  capsuleHash: async ({ packNew }, use) => {
    await use(await packNew());
  },
  askWhere: async ({ window }, use) => {
    await use(async (capsuleHash) => {
      await window.runCommand('Mesh-Sim: Deploy');
      await window.pick(capsuleHash.slice(0, 12));
      await expect(window.question()).toContainText('where to?');
    });
  },
});

/** Hashes of what was packed in a folder, newest first. */
async function capsulesOf(commandLine: CommandLine, folder: string): Promise<string[]> {
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
