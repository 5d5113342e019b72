import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, expectNoAxeViolations, test } from './recordedRuns.ts';

test.use({ workspaceOf: 'a refused deploy' });

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
  await expect(page.locator('.trust-box.refused')).toContainText('enough-loss');
  await page.locator('.trust-box.refused').click();
  await expect(page.locator('.trust-details')).toContainText('at least 1 % are required');
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
