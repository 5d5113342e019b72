import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { EvidenceExtension, EvidenceStatement } from '../../../src/model/evidence.ts';
import { pictureStudio } from './pictures.ts';
import { expect, test } from './workbench.ts';

/** What a `.capsim` states, without asking whether it may be believed. */
async function extensionIn(file: string): Promise<EvidenceExtension> {
  const bundle = JSON.parse(await readFile(file, 'utf8')) as { dsseEnvelope: { payload: string } };
  const payload = Buffer.from(bundle.dsseEnvelope.payload, 'base64').toString();
  return (JSON.parse(payload) as EvidenceStatement).predicate.meshsim_evidence;
}

test('a Capsule is packed, rehearsed with chaos, sealed, shown, replayed, exported, verified offline, and pictured in every theme', async ({
  editor,
  window,
  product,
}) => {
  test.slow();
  await window.pack();
  await expect(window.notification('Packed tiny: 1 service')).toBeVisible();

  await window.simulate('crash-mid-deploy');
  const ended = window.notification('PASS');
  await ended.getByRole('button', { name: 'Show Evidence' }).click({ timeout: 60_000 });
  const sealed = window.rows('PASS');
  await expect(sealed).toHaveCount(1);

  const evidence = await window.studioFrame();
  await expect(evidence.locator('.stamp')).toContainText('PASS');
  await expect(evidence.getByText('crash-mid-deploy').first()).toBeVisible();
  await window.screenshot('workbench-evidence-dark');
  const first = path.join(product.folder, 'first.capsim');
  await evidence.getByText('Export .capsim').click();
  await window.saveAs(first);

  await evidence.getByText('Replay Simulation').click();
  await expect(sealed).toHaveCount(2, { timeout: 60_000 });
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
  await window.runCommand('Notifications: Clear All Notifications');
  await pictureStudio(window);
});
