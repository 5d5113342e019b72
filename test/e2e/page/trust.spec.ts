import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { ProvenanceGraph } from '../../../src/model/provenanceApi.ts';
import { expect, expectNoAxeViolations, LOOKS, test } from './recordedRuns.ts';

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

test('the chain of the selected Capsule is saved as a drawing and as JSON', async ({ studio }) => {
  const { page } = studio;
  await studio.open({ place: { view: 'trust' } });
  await page.locator('.trust-box', { hasText: 'Pack' }).first().click();
  const exports = page.locator('.trust-exports');
  await expect(exports).toContainText(/Capsule [0-9a-f]{8}/);
  const hash = (/[0-9a-f]{8}/.exec(await exports.innerText()) ?? [''])[0];
  const saved = async (button: string) => {
    const download = page.waitForEvent('download');
    await exports.getByText(button).click();
    const file = await download;
    return { name: file.suggestedFilename(), text: await readFile(await file.path(), 'utf8') };
  };

  const json = await saved('JSON');
  expect(json.name).toBe(`trust-${hash}.json`);
  const { nodes, edges } = JSON.parse(json.text) as ProvenanceGraph;
  expect(nodes.map(({ kind }) => kind)).toContain('evidence');
  expect(new Set(nodes.map(({ capsuleHash }) => capsuleHash.slice(0, 8)))).toEqual(new Set([hash]));

  const svg = await saved('SVG');
  expect(svg.name).toBe(`trust-${hash}.svg`);
  for (const { title } of nodes) expect(svg.text).toContain(title);
  expect(svg.text.match(/<path /g)).toHaveLength(edges.length);
  await page.setContent(svg.text);
  await expect(page.getByText('Checked at')).toBeVisible();
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
  await expect(page.locator('.row.unproven')).toHaveCount(1);
  await expect(page.locator('.row.unproven .badge')).toHaveCount(0);
  await studio.screenshot('trust-unproven-dark-1400');
  await writeFile(stored, genuine);
});

for (const [theme, width, height] of LOOKS) {
  test(`the Trust view can be read by everybody in ${theme} at ${width} pixels`, async ({
    studio,
    runs,
  }) => {
    await studio.open({ theme, width, height, place: { view: 'trust', sim: runs.passed } });
    await expect(studio.page.locator('.trust-details')).toBeVisible();
    await studio.screenshot(`trust-${theme}-${width}`);
    await expectNoAxeViolations(studio.page);
  });
}
