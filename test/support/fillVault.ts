import path from 'node:path';
import { Vault } from '../../src/vault/vault.ts';

/** Stores secrets as the product does, but in a file that is quick to open: what they are used for is tested, not how they are kept. */
export async function fillVault(
  configFolder: string,
  passphrase: string,
  scope: string,
  secrets: Readonly<Record<string, string>>,
): Promise<void> {
  const passphrases = { passphrase: () => Promise.resolve(passphrase) };
  const vault = new Vault({ folder: path.join(configFolder, 'vault'), passphrases, workFactor: 4 });
  await vault.set(scope, new Map(Object.entries(secrets)));
}
