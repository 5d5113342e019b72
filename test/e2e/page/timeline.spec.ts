import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { startStudioCommand } from '../../support/studioCommand.ts';
import { expect, expectNoAxeViolations, test } from './recordedRuns.ts';

test('the timeline is walked with the keyboard and opens with Enter', async ({ studio, runs }) => {
  const { page } = studio;
  await studio.open();
  const rows = page.locator('.row-open');
  await expect(rows).toHaveCount(4);
  await rows.first().focus();
  await page.keyboard.press('ArrowDown');
  await expect(rows.nth(1)).toBeFocused();
  await page.keyboard.press('End');
  await expect(rows.last()).toBeFocused();
  await page.keyboard.press('Home');
  await page.keyboard.press('Enter');
  await expect(page.locator('.row').first()).toHaveAttribute('aria-current', 'true');
  await expect(page.locator('.row').first()).toContainText('Simulate again');
  await expect(page).toHaveURL(new RegExp(`sim=${runs.drifted}`));
  await expect(rows.first()).toHaveAttribute('tabindex', '0');
  await expect(page.locator('.row-open[tabindex="0"]')).toHaveCount(1);
});

test('each entry says its own hash and the one before, and the header counts the links', async ({
  studio,
  runs,
}) => {
  const { page } = studio;
  await studio.open({ place: { view: 'run', sim: runs.passed } });
  await expect(page.locator('.chain')).toContainText('Chain intact 7 of 7');
  await expect(page.locator('.ticks .verified')).toHaveCount(7);
  await expect(page.locator('.row-chain').first()).toHaveText(/^[0-9a-f]{7} ← [0-9a-f]{7}/);
  await expect(page.locator('.row', { hasText: 'FAIL' })).toContainText('n2 halted in verify');
});

test('a row under the pointer offers Simulate Mesh', async ({ studio, runs }) => {
  const { page } = studio;
  await studio.open({ place: { view: 'evidence', sim: runs.passed } });
  const pack = page.locator('.row', { hasText: 'Pack' });
  const action = pack.getByRole('button', { name: 'Simulate Mesh' });
  await expect(action).toBeHidden();
  await pack.hover();
  await expect(action).toBeVisible();
});

test('the filter narrows by words, kind and outcome, and says what it hides', async ({
  studio,
  runs,
}) => {
  const { page } = studio;
  await studio.open({ place: { view: 'run', sim: runs.passed } });
  const rows = page.locator('.row');
  await page.getByRole('button', { name: 'Filter entries' }).click();
  await page.getByRole('searchbox').fill('halted orders');
  await expect(rows).toHaveCount(1);
  await page.getByRole('searchbox').fill('');
  await page.getByRole('combobox', { name: 'Outcome' }).selectOption('failed');
  await expect(rows).toHaveCount(1);
  await expect(page.locator('.timeline-filter')).toContainText('3 hidden');
  await expect(page).toHaveURL(/outcome=failed/);
  await page.reload();
  await expect(rows).toHaveCount(1);
  await expectNoAxeViolations(page);
  await page.getByRole('button', { name: 'Show all' }).click();
  await expect(rows).toHaveCount(4);
});

test('a Capsule that is selected shows what a run of it will look like', async ({
  studio,
  runs,
}) => {
  const { page } = studio;
  await studio.open({ place: { view: 'run', sim: runs.passed } });
  await page.locator('.row', { hasText: 'Pack' }).locator('.row-open').click();
  await expect(page.locator('.empty')).toContainText('was simulated 3 times');
  await expect(page.locator('.ghost')).toBeVisible();
  await expect(page.locator('.log')).toContainText('0 of 0');
  await expect(page.locator('.log-hint')).toHaveText('Events of the selected run appear here.');
  await studio.screenshot('run-empty-dark-1400');
});

test('a reload shows the same view of the same run at the same instant', async ({
  studio,
  runs,
}) => {
  const { page } = studio;
  await studio.open({ place: { view: 'evidence', sim: runs.passed } });
  const slider = page.locator('.packet-replay').getByRole('slider');
  await slider.press('End');
  await expect(page).toHaveURL(/[&#]t=\d+/);
  const instant = await page.locator('.packet-replay output').innerText();
  await page.reload();
  await expect(page.locator('.tab[aria-current]')).toHaveText('Evidence');
  await expect(page.locator('.packet-replay output')).toHaveText(instant);
  await expect(page.locator('.row[aria-current]')).toContainText('chaos');
  await expect(page).toHaveURL(/token=/);
});

test('a lost connection is told with a way to take it up again', async ({ studio, runs }) => {
  const { page } = studio;
  await studio.open({ place: { view: 'run', sim: runs.passed } });
  await expect(page.locator('.chain')).toContainText('Chain intact');
  await page.route('**/api/**', (route) => route.abort());
  await page.getByRole('button', { name: 'Verify the chain again' }).click();
  await expect(page.locator('.problem-banner')).toContainText('The Studio does not answer');
  await page.unroute('**/api/**');
  await page.locator('.problem-banner').getByRole('button', { name: 'Retry' }).click();
  await expect(page.locator('.problem-banner')).toHaveCount(0);
});

test('a broken chain shows which link does not hold, and starts nothing on top of it', async ({
  studio,
  runs,
  studioCommand,
}) => {
  const { page } = studio;
  const bundles = path.join(studioCommand.folder, '.meshsim/ledger/tile/entries/000.p');
  const [bundle = ''] = await readdir(bundles);
  const file = path.join(bundles, bundle);
  const entries = await readFile(file, 'latin1');
  await writeFile(file, entries.replace('"outcome":"fail"', '"outcome":"pass"'), 'latin1');
  await studio.open({ place: { view: 'trust', sim: runs.passed } });
  await expect(page.locator('.chain')).toContainText('Chain broken 6 of 7');
  await expect(page.locator('.chain-problem')).toContainText('link from entry 5 to 6');
  await expect(page.locator('.ticks .broken')).toHaveCount(1);
  await expect(page.locator('.row.unproven')).toHaveCount(1);
  await expect(page.locator('.row.break')).toHaveCount(1);
  await page.locator('.row').nth(2).hover();
  await expect(page.locator('.row').nth(2).getByLabel('Simulate Mesh')).toBeDisabled();
  await studio.screenshot('timeline-broken-dark-1400');
  await expectNoAxeViolations(page);
  await writeFile(file, entries, 'latin1');
  await page.getByRole('button', { name: 'Verify the chain again' }).click();
  await expect(page.locator('.chain')).toContainText('Chain intact 7 of 7');
});

test('a workspace where nothing was packed says how to start, and packs', async ({
  page,
  studio,
}) => {
  const fresh = await startStudioCommand({ isPacked: false });
  try {
    await page.goto(fresh.url);
    await expect(page.locator('.empty')).toContainText('Pack a workspace to start the chain');
    await studio.screenshot('no-pack-1400');
    await page.locator('.empty').getByText('Pack', { exact: true }).click();
    await expect(page.locator('.row')).toContainText('Pack');
    await expect(page.locator('.empty')).toContainText('has not been simulated');
    await rm(path.join(fresh.folder, 'mesh.services.json'));
    await rm(path.join(fresh.folder, '.meshsim'), { recursive: true });
    await page.reload();
    await expect(page.locator('.empty')).toContainText('There is no mesh.services.json here yet');
  } finally {
    await fresh.stop();
  }
});
