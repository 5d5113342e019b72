import { readlink, readdir, rm, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { temporaryFolder } from '../../support/harborPay.ts';
import { expect, test } from './workbench.ts';

test('Deploy to production is refused with reasons, rehearsed by one click, goes through, and is unproven once a byte changed', async ({
  window,
  product,
}) => {
  const targets = await temporaryFolder();
  const environments = {
    production: {
      production: true,
      // The machine of a test is busy: its emulated network may miss its timing.
      gate: { allowDegraded: true },
      target: { kind: 'directory', path: targets },
    },
  };
  const file = path.join(product.folder, 'mesh.environments.json');
  await window.pack();
  await writeFile(file, JSON.stringify({ environments }));

  await window.runCommand('Mesh-Sim: Deploy');
  await expect(window.choices().first()).toContainText('REFUSED');
  await expect(window.choices().first()).toContainText('no sealed rehearsal');
  await window.screenshot('workbench-deploy-refused-dark');
  await window.pick('production');
  const why = window.choices().filter({ hasText: 'no sealed rehearsal of this Capsule' });
  await expect(why).toHaveCount(1);
  await window.pick('Simulate with the Parameters This Gate Needs');
  await expect(window.rows('PASS')).toHaveCount(1, { timeout: 90_000 });

  await window.runCommand('Mesh-Sim: Deploy');
  await expect(window.choices().first()).toContainText('ALLOWED');
  await window.pick('production');
  const question = window.page.getByRole('dialog', { name: /to production\?/ });
  await question.getByRole('button', { name: 'Deploy', exact: true }).click();
  await window.answerNotification('DEPLOYED production', 'Show Chain of Trust');
  const [release = ''] = await readdir(path.join(targets, 'releases'));
  expect(path.basename(await readlink(path.join(targets, 'current')))).toBe(release);

  const studio = await window.studioFrame();
  await expect(studio.locator('.trust-box.proven')).toHaveCount(4);
  await expect(studio.locator('.trust-line.proven')).toHaveCount(3);
  await window.screenshot('workbench-trust-deployed-dark');
  for (const format of ['svg', 'json'] as const) {
    const saved = path.join(targets, `chain.${format}`);
    await studio.locator('.trust-exports').getByText(format.toUpperCase()).click();
    await window.saveAs(saved, new RegExp(`trust-${release.slice(0, 8)}\\.${format}$`));
    expect(await readFile(saved, 'utf8')).toContain('Deploy to production');
  }

  const runs = path.join(product.folder, '.meshsim/runs');
  // Beside the folder of the run lies the workspace's own note of who runs.
  const [run] = (await readdir(runs, { withFileTypes: true })).filter((one) => one.isDirectory());
  const capsim = path.join(runs, run?.name ?? '', 'result.capsim');
  const bytes = await readFile(capsim);
  const middle = bytes.length >> 1;
  bytes[middle] = (bytes[middle] ?? 0) ^ 1;
  await writeFile(capsim, bytes);
  await studio.getByRole('button', { name: 'Verify the chain again' }).click();
  await expect(studio.locator('.trust-box.unproven')).toHaveCount(3);
  await expect(studio.locator('.row.unproven')).toHaveCount(3);
  await window.runCommand('Mesh-Sim: Verify Provenance Again');
  await expect(window.rows('unproven')).toHaveCount(3);
  await window.chooseFromMenu(window.rows(/Pack [0-9a-f]{7}/), 'Deploy…');
  await expect(window.choices().first()).toContainText('REFUSED');
  await window.screenshot('workbench-deploy-altered-dark');
  await window.page.keyboard.press('Escape');
  await rm(targets, { recursive: true, force: true });
});
