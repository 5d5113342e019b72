import { Vault } from '../../src/vault/vault.ts';

/** Stores a secret, once or until it is killed; run as a process of its own. */
const [folder = '', name = '', mode] = process.argv.slice(2);
const vault = new Vault({
  folder,
  passphrases: { passphrase: () => Promise.resolve('correct horse battery') },
  workFactor: 4,
});
do {
  await vault.set('sim', new Map([[name, `value-${Date.now()}`]]));
  process.stdout.write('stored\n');
} while (mode === 'forever');
