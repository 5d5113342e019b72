import { expect, expectNoAxeViolations, test } from './recordedRuns.ts';

const ASKED = 'type:node preceded-by(fault:kill within:20s)';

for (const [theme, width] of [
  ['dark', 1400],
  ['light', 480],
] as const) {
  test(`the log answers a question, and goes from answer to answer, in ${theme} at ${width} pixels`, async ({
    studio,
    runs,
  }) => {
    const { page } = studio;
    await studio.open({ theme, width, height: 900, place: { view: 'run', sim: runs.passed } });
    const log = page.getByRole('log');
    const lines = log.getByRole('button');
    const field = page.getByRole('textbox', { name: 'Filter events' });
    await field.fill(ASKED);
    await expect(lines.first()).toContainText('crashed');
    for (const text of await log.locator('.log-node').allInnerTexts()) expect(text).toBe('n2');

    await field.press('Enter');
    const here = log.locator('[aria-current="time"]');
    await expect(here).toContainText('crashed');
    await field.press('Enter');
    await expect(here).toContainText('restart');
    await field.press('Shift+Enter');
    await expect(here).toContainText('crashed');

    // What cannot be asked empties nothing.
    await field.fill(`${ASKED} nod:n2`);
    await expect(page.getByRole('alert')).toHaveText(/^Column 46 of the query: "nod" is no key/);
    await expect(field).toHaveAttribute('aria-invalid', 'true');
    await expect(lines.first()).toContainText('crashed');
    await page.locator('.log').scrollIntoViewIfNeeded();
    await studio.screenshot(`query-${theme}-${width}`);
    await expectNoAxeViolations(page);
    await field.press('Escape');
    await expect(page.getByRole('alert')).toHaveCount(0);
    await expect(lines.first()).not.toContainText('crashed');
  });
}
