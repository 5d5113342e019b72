import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, expectNoAxeViolations, test, THEMES } from './recordedRuns.ts';

test('the chain of trust draws a Capsule and its evidence, and tells the checks of a box', async ({
  studio,
  runs,
}) => {
  const { page } = studio;
  await studio.open({ place: { view: 'trust' } });
  await expect(page.locator('.trust-line.proven')).toHaveCount(3);
  const failed = page.locator('.trust-box.failed');
  await expect(failed).toContainText('FAIL');
  await failed.click();
  await expect(failed).toHaveAttribute('aria-pressed', 'true');
  const details = page.locator('.trust-details');
  await expect(details).toContainText('Follows from');
  await expect(details).toContainText('signature, digests and ledger proof hold');
  await details.getByText('Show evidence').click();
  await expect(page.locator('.stamp')).toContainText('FAIL');
  await expect(page).toHaveURL(new RegExp(`sim=${runs.drifted}`));
});

test('evidence whose file was altered is unproven: neither green nor refused', async ({
  studio,
  runs,
  studioCommand,
}) => {
  const { page } = studio;
  const stored = path.join(studioCommand.folder, '.meshsim/runs', runs.baseline, 'result.capsim');
  const genuine = await readFile(stored);
  await writeFile(stored, genuine.toString().replace('"payload":"ey', '"payload":"fy'));
  await studio.open({ place: { view: 'trust' } });
  await expect(page.locator('.trust-line.unproven')).toHaveCount(1);
  await expect(page.locator('.trust-line.proven')).toHaveCount(2);
  await expect(page.locator('.trust-box.unproven')).toContainText('unproven');
  await studio.screenshot('trust-unproven-dark-1400');
  await writeFile(stored, genuine);
});

for (const theme of THEMES) {
  test(`the Trust view can be read by everybody in ${theme}`, async ({ studio, runs }) => {
    for (const width of [1400, 600]) {
      await studio.open({ theme, width, place: { view: 'trust', sim: runs.passed } });
      await expect(studio.page.locator('.trust-details')).toBeVisible();
      await studio.screenshot(`trust-${theme}-${width}`);
      await expectNoAxeViolations(studio.page);
    }
  });
}
