import { readFile, writeFile } from 'node:fs/promises';
import { createCommandLine } from '../../support/commandLine.ts';
import { expect, test } from './tinyStudio.ts';

test.use({ workspaceOf: 'a whole scenario' });

test('a run is started, watched, sealed, shown as evidence, replayed, exported and verified offline', async ({
  studio,
}, info) => {
  const { page } = studio;
  const problems: string[] = [];
  page.on('pageerror', ({ message }) => problems.push(message));
  await studio.open();
  const rows = page.locator('.provenance .row');
  await expect(rows.first()).toContainText('Pack');

  await page.getByRole('slider', { name: 'Nodes' }).fill('2');
  await page.getByRole('combobox', { name: 'Chaos' }).selectOption('crash-mid-deploy');
  const simulate = page
    .locator('.panel vscode-button, .run-bar vscode-button')
    .filter({ visible: true });
  await expect(simulate).not.toHaveAttribute('disabled');
  await simulate.click();
  await expect(page.locator('.cell.in-down')).toHaveCount(1);
  await studio.screenshot('run-live-dark-wide');
  await expect(page.locator('.cell.in-healthy')).toHaveCount(2);
  await expect(page.locator('.run-header')).toContainText('PASS');
  await expect(rows.first()).toContainText('Simulation Evidence');
  await expect(rows.first()).toContainText('PASS');
  await expect(page.locator('.chain')).toContainText('Chain intact');

  await page.getByRole('button', { name: 'Evidence', exact: true }).click();
  await expect(page.locator('.stamp')).toContainText('PASS');
  const facts = page.locator('.parameters dl');
  const first = await facts.innerText();
  expect(first).toContain('crash-mid-deploy');
  await studio.screenshot('evidence-dark-wide');

  const download = page.waitForEvent('download');
  await page.getByText('Export .capsim').click();
  const capsim = info.outputPath('result.capsim');
  await writeFile(capsim, await readFile(await (await download).path()));
  const commandLine = await createCommandLine();
  const verified = await commandLine.verifySim(['--file', capsim], info.outputDir);
  expect(verified.exitCode, 'genuine, but the signer is a stranger to these keys').toBe(3);

  await page.getByText('Replay Simulation').click();
  await expect(page.locator('.run-header')).toContainText('PASS');
  await page.getByRole('button', { name: 'Evidence', exact: true }).click();
  await expect(page.locator('.stamp')).toContainText('PASS');
  const plan = (text: string): string => text.replace(/measured .*|Fidelity[\s\S]*/g, '');
  expect(plan(await facts.innerText())).toBe(plan(first));

  await page.getByRole('button', { name: 'Trust', exact: true }).click();
  await expect(page.locator('.trust-line.proven')).toHaveCount(2);
  await studio.screenshot('trust-dark-wide');
  expect(problems).toEqual([]);
});
