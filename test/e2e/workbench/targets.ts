import { readlink, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { LedgerEntry } from '../../../src/model/ledgerEntry.ts';
import type { CommandLine } from '../../support/commandLine.ts';
import { temporaryFolder } from '../../support/harborPay.ts';
import { expect, test as base } from './workbench.ts';

export { expect };

export interface Targets {
  /** Where releases go, and what else a test needs beside them. */
  readonly folder: string;
  /** Says in the product where Capsules may go; `target` is filled in where it is left out. */
  describe(environments: Readonly<Record<string, object>>): Promise<void>;
  /** The Capsule whose release the link `current` of an environment leads to, as a path of this machine says it. */
  active(environment: string): Promise<string | undefined>;
}

/** The window of a spec file on a product of its own, with folders to deploy to. */
export const test = base.extend<{ readonly targets: Targets }>({
  targets: async ({ product }, use) => {
    const folder = await temporaryFolder();
    const pathOf = (environment: string): string => path.join(folder, environment);
    const file = path.join(product.folder, 'mesh.environments.json');
    await use({
      folder,
      describe: async (environments) => {
        const described = Object.entries(environments).map(([name, environment]) => [
          name,
          { target: { kind: 'directory', path: pathOf(name) }, ...environment },
        ]);
        const content = { environments: Object.fromEntries(described) as object };
        await writeFile(file, JSON.stringify(content));
      },
      active: (environment) =>
        readlink(path.join(pathOf(environment), 'current')).then(
          (target) => path.basename(target),
          () => undefined,
        ),
    });
    await rm(file, { force: true });
    await rm(folder, { recursive: true, force: true });
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
