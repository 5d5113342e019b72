import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { commitChange } from '../../support/harborPay.ts';
import type { StudioCommand } from '../../support/studioCommand.ts';
import { healthyService } from '../../support/tinyProduct.ts';
import { expect, STILL, test } from './tinyStudio.ts';

test.use({
  ...STILL,
  workspaceOf: 'runs judged by what was measured',
  service: healthyService('web', {
    objectives: [
      {
        ...{ name: 'it opens in time', metric: 'time-to-healthy-ms' },
        ...{ comparator: '<=', threshold: 20_000 },
      },
    ],
  }),
});

const OBJECTIVES = 'Fail when an objective is missed';
const REGRESSION = 'Fail when worse than the baseline';

test('the form and its JSON switch on together that a missed objective or a regression fails the run', async ({
  studio,
}) => {
  const { page } = studio;
  await studio.open();
  const panel = page.getByRole('region', { name: 'Mesh-Sim parameters' });
  const objectives = panel.getByRole('switch', { name: OBJECTIVES });
  const regression = panel.getByRole('switch', { name: REGRESSION });
  const json = page.getByLabel('Parameters as JSON');
  const toggle = page.getByRole('button', { name: 'Edit as JSON' });
  await expect(objectives).not.toBeChecked();
  await objectives.check();
  await toggle.click();
  await expect(json).toHaveValue(/"failOnObjectives": true,\s+"failOnRegression": false/);
  const params = '"params":{"nodes":2,"latencyMs":[1,5]}';
  await json.fill(`{${params},"failOnRegression":true}`);
  await toggle.click();
  await expect(objectives).not.toBeChecked();
  await expect(regression).toBeChecked();
  await objectives.check();

  await page.keyboard.press('Control+Enter');
  await expect(page.locator('.run-header')).toContainText('running');
  await expect(page.locator('.run-header')).toContainText(/PASS|FAIL/);
  await page.getByRole('navigation', { name: 'Views' }).getByText('Evidence').click();
  await expect(page.locator('.invariants')).toContainText(/objectives met/i);
  await expect(page.locator('.invariants')).toContainText('There is no earlier passing run');
  await expect(page.locator('.parameters')).toContainText('a missed objective, a regression');
});

test('a Capsule that promises nothing has nothing to be judged by', async ({
  studio,
  studioCommand,
}) => {
  const { page } = studio;
  await packWithoutObjectives(studioCommand);
  await studio.open();
  const panel = page.getByRole('region', { name: 'Mesh-Sim parameters' });
  await expect(panel.getByRole('switch', { name: /Drift/ })).toBeVisible();
  await expect(panel.getByRole('switch', { name: /^Fail/ })).toHaveCount(0);
  await panel.getByRole('combobox', { name: 'Capsule' }).selectOption({ index: 1 });
  await expect(panel.getByRole('switch', { name: /^Fail/ })).toHaveCount(2);
});

async function packWithoutObjectives({ folder, url }: StudioCommand): Promise<void> {
  const file = 'mesh.services.json';
  const registry = JSON.parse(await readFile(path.join(folder, file), 'utf8')) as {
    services: { objectives?: unknown }[];
  };
  for (const service of registry.services) delete service.objectives;
  await commitChange({ folder }, file, JSON.stringify(registry));
  const { origin, hash } = new URL(url);
  const token = new URLSearchParams(hash.slice(1)).get('token') ?? '';
  const response = await fetch(`${origin}/api/capsules`, {
    method: 'POST',
    body: '{}',
    headers: { authorization: `Bearer ${token}` },
  });
  expect(response.ok).toBe(true);
}
