import { expect, expectNoAxeViolations, LOOKS, overflowing, test } from './recordedRuns.ts';

test('a run is compared with the one before it, and with another one that is chosen', async ({
  studio,
  runs,
}) => {
  const { page } = studio;
  await studio.open({ place: { view: 'run', sim: runs.drifted } });
  await page.locator('.row[aria-current]').getByText('Compare with…').click();
  await expect(page.locator('.tab[aria-current]')).toHaveText('Compare');
  const [a, b] = [
    page.getByLabel('Run A').locator('select'),
    page.getByLabel('Run B').locator('select'),
  ];
  await expect(a).toHaveValue(runs.passed);
  await expect(b).toHaveValue(runs.drifted);
  await expect(page.getByRole('status').filter({ hasText: 'Compared' })).toContainText(
    /A pass, B fail\. They part first at n2/,
  );
  await expect(page.locator('.compare-side').nth(1)).toContainText(/n2 halted in verify.*orders/);
  await expect(page.locator('.parted-first > div').nth(1)).toContainText(
    /n2 (signature invalid|halted)/,
  );
  const changed = page.locator('.changed');
  await expect(changed.getByRole('row', { name: /^drift\[0\]/ })).toContainText('service orders');
  await expect(changed).toContainText('other conditions');
  await expect(changed.getByRole('row', { name: /^Capsule/ })).toContainText('the same');
  // Other conditions: numbers stand side by side, and nothing is called worse.
  await expect(page.locator('.compared-objectives tbody tr')).toHaveCount(5);
  await expect(page.locator('.compare .late')).toHaveCount(0);
  await expect(page.locator('.compared-latency tbody')).toHaveCount(6);
  await expect(page.getByRole('row', { name: /^n2 boot, 2\./ })).toContainText('–');

  await a.selectOption(runs.baseline);
  await expect(changed.getByRole('row', { name: /^params\.nodes/ })).toContainText('2');
  await page.getByRole('button', { name: 'Swap A and B' }).click();
  await expect(a).toHaveValue(runs.drifted);
  await expect(page).toHaveURL(new RegExp(`a=${runs.drifted}&b=${runs.baseline}`));
  await page.reload();
  await expect(page.locator('.compare-side').first()).toContainText('FAIL');
});

for (const [theme, width, height] of LOOKS) {
  test(`two runs can be compared by everybody in ${theme} at ${width} pixels`, async ({
    studio,
    runs,
  }) => {
    const place = { view: 'compare', a: runs.passed, b: runs.drifted };
    await studio.open({ theme, width, height, place });
    const { page } = studio;
    await expect(page.locator('.compared-latency tbody')).toHaveCount(6);
    await studio.screenshot(`compare-${theme}-${width}`);
    await expectNoAxeViolations(page);
    for (const other of [width, 480]) {
      await page.setViewportSize({ width: other, height });
      await expect.poll(() => overflowing(page), { message: String(other) }).toEqual([]);
    }
  });
}
