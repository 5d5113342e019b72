import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from './workbench.ts';

const SCOPE = 'Vault scope';
const PASSPHRASE = 'harbour crane tide rope';

test('secrets are set, imported, listed and removed by commands, and the passphrase is kept by the editor until it is told to forget', async ({
  editor,
  window,
  product,
}) => {
  const file = path.join(editor.commandLine.configFolder, 'vault/sim.age');
  await window.runCommand('Mesh-Sim: Set Secret');
  await window.answer(SCOPE, 'Sim 1');
  await expect(window.question()).toContainText('is no vault scope');
  await window.answer(SCOPE, 'sim');
  await window.answer('its name', '2ND-TOKEN');
  await expect(window.question()).toContainText(
    'does not have the name of an environment variable',
  );
  await window.answer('its name', 'TOKEN');
  await window.answer('the value of TOKEN', 'short');
  await expect(window.question()).toContainText('shorter than 6 characters');
  await window.answer('the value of TOKEN', 'a value of some length');
  await window.answer('New passphrase', 'tide');
  await expect(window.question()).toContainText('too short');
  await window.answer('New passphrase', PASSPHRASE);
  await window.answer('once more', PASSPHRASE);
  await expect(window.notification('TOKEN is stored in the scope "sim".')).toBeVisible();
  expect(existsSync(file)).toBe(true);

  const dotenv = path.join(product.folder, '.env');
  await writeFile(dotenv, 'FIRST="first value"\nexport SECOND=second-value\n');
  await window.runCommand('Mesh-Sim: Import Secrets from .env');
  await window.answer(SCOPE, 'sim');
  await window.openAs(dotenv);
  await expect(window.notification('Stored in the scope "sim": FIRST, SECOND.')).toBeVisible();

  // The editor keeps the passphrase, not the window.
  await window.runCommand('Mesh-Sim: Open Studio');
  await window.studioFrame();
  await window.reload();
  await window.runCommand('Mesh-Sim: List Secrets');
  await expect(window.choices()).toContainText(['FIRST', 'SECOND', 'TOKEN']);
  await window.screenshot('workbench-vault-list-dark');
  await window.pick('SECOND');
  await window.pick('Remove');
  await expect(window.notification('SECOND is removed from the scope "sim".')).toBeVisible();

  await window.runCommand('Mesh-Sim: Forget Vault Passphrases');
  await window.runCommand('Mesh-Sim: Remove Secret');
  await window.answer('Passphrase of the vault scope "sim"', 'not this one');
  await expect(window.notification('does not open')).toBeVisible();
  await window.runCommand('Mesh-Sim: Remove Secret');
  await window.answer('Passphrase of the vault scope "sim"', PASSPHRASE);
  await expect(window.choices()).toContainText(['FIRST', 'TOKEN']);
  await window.pick('FIRST');
  await expect(window.notification('FIRST is removed from the scope "sim".')).toBeVisible();
});
