import { existsSync } from 'node:fs';
import { copyFile, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { EvidenceExtension, EvidenceStatement } from '../../../src/model/evidence.ts';
import { createCommandLine } from '../../support/commandLine.ts';
import { createTinyRepository, healthyService } from '../../support/tinyProduct.ts';
import { pictureStudio } from './pictures.ts';
import { sealedFile } from './sealedFile.ts';
import { expect, test } from './workbench.ts';

const SCOPE = 'Vault scope';
const PASSPHRASE = 'harbour crane tide rope';

/** What a `.capsim` states, without asking whether it may be believed. */
async function extensionIn(file: string): Promise<EvidenceExtension> {
  const bundle = JSON.parse(await readFile(file, 'utf8')) as { dsseEnvelope: { payload: string } };
  const payload = Buffer.from(bundle.dsseEnvelope.payload, 'base64').toString();
  return (JSON.parse(payload) as EvidenceStatement).predicate.meshsim_evidence;
}

/** One character of what was signed is another: the signature does not match any more. */
function withOtherPayload(capsim: string): string {
  return capsim.replace(/("payload":"[^"]{40})(.)/, (_, before: string, character: string) => {
    return before + (character === 'A' ? 'B' : 'A');
  });
}

test('a Capsule is packed, rehearsed with chaos, sealed, shown, replayed, exported, verified offline, and pictured in themes', async ({
  editor,
  window,
  product,
}) => {
  test.slow();
  const sealed = window.rows('PASS');
  const before = await sealed.count();
  await window.pack();
  await expect(window.notification('Packed tiny: 1 service')).toBeVisible();

  await window.simulate('crash-mid-deploy');
  const ended = window.notification('PASS');
  await ended.getByRole('button', { name: 'Show Evidence' }).click({ timeout: 60_000 });
  await expect(sealed).toHaveCount(before + 1);

  const evidence = await window.studioFrame();
  await expect(evidence.locator('.stamp')).toContainText('PASS');
  await expect(evidence.getByText('crash-mid-deploy').first()).toBeVisible();
  await window.screenshot('workbench-evidence-dark');
  const first = path.join(product.folder, 'first.capsim');
  await evidence.getByText('Export .capsim').click();
  await window.saveAs(first);

  await evidence.getByText('Replay Simulation').click();
  await expect(sealed).toHaveCount(before + 2, { timeout: 60_000 });
  const second = path.join(product.folder, 'second.capsim');
  await window.runCommand('Mesh-Sim: Export Evidence');
  await window.pick('Mesh-sim');
  await window.saveAs(second);

  for (const file of [first, second]) {
    const verified = await editor.commandLine.verifySim(['--file', file], product.folder);
    expect(verified.exitCode, verified.stdout).toBe(0);
  }
  const [{ plan, result }, replay] = await Promise.all([extensionIn(first), extensionIn(second)]);
  expect(replay.result.simId).not.toBe(result.simId);
  expect(replay.result.params).toEqual(result.params);
  expect(replay.plan).toEqual(plan);
  await pictureStudio(window);
});

test('a run of the tree is rehearsed by its inline action, wears a badge and shows its evidence, and the palette offers its preset first', async ({
  window,
}) => {
  const packed = window.rows(/^Pack /).first();
  if ((await packed.count()) === 0) await window.pack();
  const before = await window.rows('PASS').count();
  await packed.hover();
  await packed.getByRole('button', { name: 'Simulate Mesh' }).click();
  await window.pick('slow-node');
  await expect(window.rows('PASS')).toHaveCount(before + 1, { timeout: 60_000 });
  // The newest is above the others.
  const sealed = window.rows('PASS').first();
  await expect(sealed).toContainText('Mesh-sim, 2 nodes');
  await expect(sealed).toContainText('PASS · Evidence');
  await expect(sealed).toHaveAccessibleName(/Mesh-sim, 2 nodes, chaos, PASS · Simulation Evidence/);
  await window.chooseFromMenu(sealed, 'Show Evidence');
  const studio = await window.studioFrame();
  await expect(studio.locator('.stamp')).toContainText('PASS');

  await window.runCommand('Mesh-Sim: Simulate Mesh');
  await expect(window.choices().first()).toContainText('slow-node');
  // As a page does that comes up only now.
  await studio.evaluate('window.focus()');
  await expect.poll(() => studio.evaluate('document.hasFocus()')).toBe(true);
  await expect(window.choices().first()).toContainText('slow-node');
});

test('a .capsim opens with its verdict: genuine, tampered, and of a signer nobody trusts here', async ({
  editor,
  window,
  product,
}) => {
  const genuine = await readFile(await sealedFile(editor.commandLine, product.folder), 'utf8');
  const inProduct = (name: string): string => path.join(product.folder, name);
  await writeFile(inProduct('genuine.capsim'), genuine);
  await writeFile(inProduct('tampered.capsim'), withOtherPayload(genuine));
  const theirs = await createTinyRepository([healthyService()]);
  const strangers = await createCommandLine();
  const foreign = await sealedFile(strangers, theirs.repo);
  await copyFile(foreign, inProduct('foreign.capsim'));
  await theirs.dispose();
  await rm(path.dirname(strangers.configFolder), { recursive: true });

  for (const [file, word] of [
    ['genuine.capsim', 'PASS'],
    ['tampered.capsim', 'INVALID'],
    ['foreign.capsim', 'UNTRUSTED'],
  ] as const) {
    await window.openFile(file);
    const pane = await window.frameWith(`.stamp:has-text("${word}")`);
    await expect(pane.locator('.stamp')).toBeVisible();
    await window.screenshot(`workbench-${path.basename(file, '.capsim')}-dark`);
    await window.runCommand('View: Close All Editors');
  }
});

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
