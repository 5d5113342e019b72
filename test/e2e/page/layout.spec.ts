import { expect, expectNoAxeViolations, LOOKS, overflowing, test } from './recordedRuns.ts';

const WIDTHS = [480, 600, 980, 1100, 1321, 1400, 1920];

for (const view of ['run', 'evidence', 'trust'] as const) {
  test(`the ${view} view fits any width from 480 to 1920 pixels`, async ({ studio, runs }) => {
    const { page } = studio;
    await studio.open({ place: { view, sim: runs.drifted } });
    const shown = { run: '.run-header', evidence: '.ring-node', trust: '.trust-details' }[view];
    await expect(page.locator(shown).first()).toBeVisible();
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: 900 });
      await expect.poll(() => overflowing(page), { message: `${view} at ${width}` }).toEqual([]);
    }
  });
}

test('a narrow page shows the chain as one line to choose an entry from', async ({
  studio,
  runs,
}) => {
  const { page } = studio;
  await studio.open({ width: 600, place: { view: 'evidence', sim: runs.passed } });
  await expect(page.locator('.stamp')).toContainText('PASS');
  await expect(page.locator('.provenance')).toBeHidden();
  await expect(page.locator('.chain-strip')).toContainText('Chain intact');
  const entries = page.getByRole('combobox', { name: 'Provenance entry' });
  const failed = entries.locator('option', { hasText: 'FAIL' });
  await entries.selectOption((await failed.getAttribute('value')) ?? '');
  await expect(page.locator('.stamp')).toContainText('FAIL');
});

for (const [theme, width, height] of LOOKS) {
  test(`the Run view without a run can be read by everybody in ${theme} at ${width} pixels`, async ({
    studio,
  }) => {
    await studio.open({ theme, width, height, place: { view: 'run' } });
    await expect(studio.page.locator('.empty')).toContainText(/simulated/);
    await studio.screenshot(`run-empty-${theme}-${width}`);
    await expectNoAxeViolations(studio.page);
  });
}
