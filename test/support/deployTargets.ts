import { readlink, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { temporaryFolder } from './harborPay.ts';

export interface Targets {
  /** Where releases go, and what else a test needs beside them. */
  readonly folder: string;
  /** Says in the product where Capsules may go; `target` is filled in where it is left out. */
  describe(environments: Readonly<Record<string, object>>): Promise<void>;
  /** The Capsule whose release the link `current` of an environment leads to, as a path of this machine says it. */
  active(environment: string): Promise<string | undefined>;
}

/** Folders to deploy a product to, until they are disposed of. */
export async function createTargets(
  productFolder: string,
): Promise<Targets & { dispose(): Promise<void> }> {
  const folder = await temporaryFolder();
  const pathOf = (environment: string): string => path.join(folder, environment);
  const file = path.join(productFolder, 'mesh.environments.json');
  return {
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
    dispose: async () => {
      await rm(file, { force: true });
      await rm(folder, { recursive: true, force: true });
    },
  };
}
