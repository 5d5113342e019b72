import type { Page } from '@playwright/test';
import { writeTalkingRun } from '../../support/talkingRun.ts';
import { expect, expectNoAxeViolations, overflowing, test, USUAL_THEMES } from './recordedRuns.ts';

/** Runs in the page: what lanes and ring look like. */
const PICTURES =
  "[...document.querySelectorAll('.lanes-base, .ring canvas')].map((canvas) => canvas.toDataURL()).join()";

/** What is seen, once two looks in a row see the same. */
async function settledPictures(page: Page): Promise<unknown> {
  let last: unknown;
  await expect(async () => {
    const before = last;
    last = await page.evaluate(PICTURES);
    expect(last === before).toBe(true);
  }).toPass();
  return last;
}

/** Waits until what is seen is, or is no longer, what was. */
async function expectSame(page: Page, pictures: unknown, isSame: boolean): Promise<void> {
  await expect.poll(async () => (await page.evaluate(PICTURES)) === pictures).toBe(isSame);
}

test('services that talk to other nodes are seen in lanes and ring, counted, and told of', async ({
  studio,
  studioCommand,
}) => {
  const { page } = studio;
  const { simId, packets } = await writeTalkingRun(studioCommand.folder);
  await studio.open({ place: { view: 'run', sim: simId } });
  const item = page.getByRole('button', { name: /^service(?!s)/ });
  await expect(item).toHaveAttribute('title', new RegExp(`; ${packets} so far`));
  const log = page.getByRole('log', { name: 'Events' });
  // The log has only those lines that are in sight.
  const field = page.getByRole('textbox', { name: 'Filter events' });
  for (const [asked, line] of [
    ['orders on n0 connected', /n1\s*orders on n0 connected, round trip \d+\.\d ms/],
    ['tcp 5432', /n3\s*tcp 5432 on n4 refused/],
    ['no answer', /n4\s*ledger on n2 no answer for 3 s/],
  ] as const) {
    await field.fill(asked);
    await expect(log).toContainText(line);
  }
  await field.fill('');

  const shown = await settledPictures(page);
  await item.press('Enter');
  await expect(item).toHaveAttribute('aria-pressed', 'false');
  await expectSame(page, shown, false);
  await item.press('Enter');
  await expectSame(page, shown, true);

  const asked = page.waitForRequest((request) => request.url().endsWith(`/${simId}/pcap`));
  await page.getByRole('button', { name: 'Export packets' }).click();
  expect((await (await asked).response())?.status()).toBe(404);
  await expect(page.getByText(/No simulation|keeps no packets/)).toBeVisible();

  const heatmap = page.getByRole('region', { name: 'Link latency' });
  await heatmap.getByText('services', { exact: true }).click();
  await expect(heatmap.locator('td', { hasText: /^\d+$/ })).toHaveCount(4);
  await expect(heatmap.locator('td[title^="n1 to n0: 1 handshakes"]')).toHaveCount(1);
  await expect(heatmap).toContainText('configured 80 to 280 ms there and back');
});

for (const theme of USUAL_THEMES) {
  // Views of either width hold the same: each theme is looked at in one of them.
  const [width, height] = theme === 'dark' || theme === 'light' ? [1400, 900] : [600, 1500];
  test(`what services say to each other can be read by everybody in ${theme}`, async ({
    studio,
    studioCommand,
  }) => {
    const { page } = studio;
    const { simId } = await writeTalkingRun(studioCommand.folder);
    await studio.open({ theme, width, height, place: { view: 'run', sim: simId } });
    const heatmap = page.getByRole('region', { name: 'Link latency' });
    await heatmap.getByText('services', { exact: true }).click();
    await expect(heatmap).toContainText('there and back');
    await settledPictures(page);
    await studio.screenshot(`traffic-${theme}-${width}`);
    expect(await overflowing(page)).toEqual([]);
    await expectNoAxeViolations(page);
  });
}
