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

test('a deploy that its gate refused ends in a box that was not deployed, with the rules that failed', async ({
  studio,
  runs,
  studioCommand,
}) => {
  const { page } = studio;
  const environments = {
    production: { production: true, target: { kind: 'directory', path: '../production' } },
  };
  const file = path.join(studioCommand.folder, 'mesh.environments.json');
  await writeFile(file, JSON.stringify({ environments }));
  await studio.open({ place: { view: 'trust', sim: runs.passed } });
  await expect(page.locator('.trust-line.proven')).toHaveCount(3);
  await deployRefused(studioCommand.url, 'production');
  await expect(page.locator('.trust-box.void')).toContainText('Not deployed');
  await expect(page.locator('.trust-line.refused')).toHaveCount(1);
  await page.locator('.trust-box.refused').click();
  await expect(page.locator('.trust-details')).toContainText('Failed rules');
  await expect(page.locator('.row').first()).toContainText('REFUSED');
  await studio.screenshot('trust-refused-dark-1400');
  await expectNoAxeViolations(page);
});

async function deployRefused(printed: string, environment: string): Promise<void> {
  const { origin, hash } = new URL(printed);
  const token = new URLSearchParams(hash.slice(1)).get('token') ?? '';
  const headers = { authorization: `Bearer ${token}` };
  const capsules = await fetch(`${origin}/api/capsules`, { headers });
  const { capsules: packed } = (await capsules.json()) as { capsules: { capsuleHash: string }[] };
  const body = JSON.stringify({ capsuleHash: packed[0]?.capsuleHash, environment });
  const started = await fetch(`${origin}/api/deploy`, { method: 'POST', body, headers });
  expect(started.status, await started.text()).toBe(403);
}
