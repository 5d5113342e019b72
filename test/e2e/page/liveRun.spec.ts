import type { Locator, Page } from '@playwright/test';
import type { RunSnapshot } from '../../../src/model/api.ts';
import { applyEvent, newRunView, type RunView } from '../../../src/model/runView.ts';
import {
  expect,
  expectNoAxeViolations,
  LOOKS,
  overflowing,
  snapshotOf,
  test,
} from './recordedRuns.ts';

function lanesOf(page: Page): Locator {
  return page.getByRole('slider', { name: 'Time in the run' });
}

/** Runs in the page: what the lanes look like. */
const LANES_PICTURE = "document.querySelector('.lanes-base').toDataURL()";

/** ms since the run began, as the lanes say it. */
async function shownAt(page: Page): Promise<number> {
  return Math.round(1_000 * Number(await lanesOf(page).getAttribute('aria-valuenow')));
}

function viewAt({ events, plan }: RunSnapshot, t: number): RunView {
  const view = newRunView(plan.params.nodes);
  for (const event of events) if (event.at <= t) applyEvent(view, event);
  return view;
}

test('a scrubbed instant shows exactly what was then', async ({ studio, studioCommand, runs }) => {
  const { page } = studio;
  const snapshot = await snapshotOf(studioCommand.url, runs.passed);
  await studio.open({ place: { view: 'run', sim: runs.passed } });
  await expect(page.locator('.run-header')).toContainText('PASS');
  const box = await lanesOf(page).boundingBox();
  if (box === null) throw new Error('There are no lanes.');
  for (const share of [0.1, 0.3, 0.45, 0.6, 0.8]) {
    await lanesOf(page).click({ position: { x: share * box.width, y: box.height / 2 } });
    const t = Number(await lanesOf(page).getAttribute('aria-valuenow')) * 1_000;
    const then = viewAt(snapshot, t);
    await expect(page.locator('.ready')).toHaveText(`${then.ready}/3`);
    const have = then.nodes.slice(1).reduce((sum, { chunksHave }) => sum + chunksHave, 0);
    await expect(page.locator('.fact.chunks')).toContainText(`${have} of`);
    await expect(page.locator('.hops')).toContainText(`${then.hopsValid} valid`);
    const sent = snapshot.packets.flatMap((batch) => batch.sent).filter((ms) => ms <= t).length;
    await expect(page.locator('.packets-count')).toContainText(`${sent} sent`);
    const down = then.nodes.filter(({ state }) => state === 'crashed').length;
    await expect(page.locator('.lane-state', { hasText: 'down' })).toHaveCount(down);
  }
  await page.getByRole('button', { name: 'Go to the end' }).click();
  await expect(page.locator('.ready')).toHaveText('3/3');
});

test('a recorded run is played from its beginning, paused, and played on', async ({
  studio,
  runs,
}) => {
  const { page } = studio;
  await studio.open({ place: { view: 'run', sim: runs.passed } });
  await expect(page.locator('.run-header')).toContainText('PASS');
  const end = await shownAt(page);
  await page.getByRole('button', { name: '4×' }).click();
  await page.getByRole('button', { name: 'Play', exact: true }).click();
  await expect.poll(() => shownAt(page)).toBeLessThan(end);
  await page.getByRole('button', { name: 'Pause' }).click();
  const paused = await shownAt(page);
  await expect(page.locator('.follow')).toHaveText('Go to the end');
  await page.getByRole('button', { name: 'Play', exact: true }).click();
  await expect.poll(() => shownAt(page)).toBeGreaterThan(paused);
  await expect(page.locator('.follow')).toHaveText('At the end');
  expect(await shownAt(page)).toBe(end);
});

test('the lanes are driven by keys alone', async ({ studio, runs }) => {
  const { page } = studio;
  await studio.open({ place: { view: 'run', sim: runs.passed } });
  await expect(page.locator('.run-header')).toContainText('PASS');
  const lanes = lanesOf(page);
  const end = await shownAt(page);
  await lanes.press('ArrowLeft');
  const before = await shownAt(page);
  expect(before).toBeLessThan(end);
  await lanes.press('Shift+ArrowLeft');
  expect(await shownAt(page)).toBe(before - 100);
  await lanes.press('Home');
  expect(await shownAt(page)).toBe(0);
  await page.getByRole('button', { name: 'Problems' }).click();
  await lanes.press('n');
  const problem = (await shownAt(page)) / 1_000;
  expect(problem).toBeGreaterThan(0);
  await expect(page.locator('.log-row').first()).toContainText(problem.toFixed(3));
  await lanes.press('+');
  await expect(page.locator('.zoom-range')).toHaveText(/ to .* s/);
  await lanes.press('0');
  await expect(page.locator('.zoom-range')).toHaveText('');
  await lanes.press('Space');
  await expect(page.getByRole('button', { name: 'Pause' })).toBeVisible();
  await lanes.press('l');
  expect(await shownAt(page)).toBe(end);
});

test('the wheel zooms at the cursor, the minimap moves what is shown, a double click shows all', async ({
  studio,
  runs,
}) => {
  const { page } = studio;
  await studio.open({ place: { view: 'run', sim: runs.passed } });
  await expect(page.locator('.run-header')).toContainText('PASS');
  const range = page.locator('.zoom-range');
  await lanesOf(page).hover();
  await page.mouse.wheel(0, -400);
  await expect(range).toHaveText(/ to .* s/);
  const zoomed = await range.innerText();
  await studio.screenshot('live-run-zoomed');
  await page.locator('.minimap').click({ position: { x: 5, y: 8 } });
  await expect(range).not.toHaveText(zoomed);
  await expect(range).toHaveText(/^0\.00 to/);
  await lanesOf(page).dblclick({ position: { x: 300, y: 60 } });
  await expect(range).toHaveText('');
});

test('a class of packets is hidden by its item in the legend', async ({ studio, runs }) => {
  const { page } = studio;
  await studio.open({ place: { view: 'run', sim: runs.passed } });
  await expect(page.locator('.run-header')).toContainText('PASS');
  const ink = (): Promise<unknown> => page.evaluate(LANES_PICTURE);
  const all = await settled(ink);
  const probes = page.getByRole('button', { name: /^probe/ });
  await probes.click();
  await expect(probes).toHaveAttribute('aria-pressed', 'false');
  await expect.poll(ink).not.toBe(all);
  const without = await settled(ink);
  await probes.click();
  await expect.poll(ink).not.toBe(without);
  await settled(ink);
  await probes.click();
  await expect.poll(ink).toBe(without);
});

test('the packet under the pointer tells what it was, and its link is outlined', async ({
  studio,
  runs,
}) => {
  const { page } = studio;
  await studio.open({ place: { view: 'run', sim: runs.passed } });
  await expect(page.locator('.run-header')).toContainText('PASS');
  const box = await lanesOf(page).boundingBox();
  if (box === null) throw new Error('There are no lanes.');
  const tip = page.getByRole('tooltip');
  // Across the gap between the first two lanes until a curve is met.
  for (let x = 0; x < box.width && !(await tip.isVisible()); x += 3) {
    await page.mouse.move(box.x + x, box.y + 28 + 60);
  }
  await expect(tip).toContainText(/n\d → n\d/);
  await expect(tip).toContainText('latency');
  await expect(tip).toContainText('outcome');
  await expect(page.locator('.heatmap td.outlined')).toHaveCount(1);
  await studio.screenshot('live-run-packet');
  await lanesOf(page).press('Escape');
  await expect(tip).toHaveCount(0);
  await expect(page.locator('.heatmap td.outlined')).toHaveCount(0);
});

test('a run goes from event to event where motion is to be reduced', async ({ studio, runs }) => {
  const { page } = studio;
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await studio.open({ place: { view: 'run', sim: runs.passed } });
  await expect(page.locator('.run-header')).toContainText('PASS');
  await expect(page.getByRole('button', { name: 'Play', exact: true })).toBeVisible();
  await page.getByRole('button', { name: '4×' }).click();
  const seen = new Set<number>();
  await lanesOf(page).press('Space');
  await expect(async () => {
    seen.add(await shownAt(page));
    expect(await page.locator('.follow').innerText()).toBe('At the end');
  }).toPass({ intervals: [20] });
  const times = (await page.locator('.log-row').allInnerTexts()).map((row) => parseFloat(row));
  expect(times.length).toBeGreaterThan(0);
  expect(seen.size).toBeGreaterThan(1);
});

for (const [theme, width, height] of LOOKS) {
  test(`the live run can be read by everybody in ${theme} at ${width} pixels`, async ({
    studio,
    runs,
  }) => {
    const { page } = studio;
    await studio.open({ theme, width, height, place: { view: 'run', sim: runs.passed } });
    await expect(page.locator('.run-header')).toContainText('PASS');
    await settled(() => page.evaluate(LANES_PICTURE));
    await studio.screenshot(`live-run-${theme}-${width}`);
    expect(await overflowing(page)).toEqual([]);
    await expectNoAxeViolations(page);
  });
}

/** What a drawing settles on: the same twice in a row. */
async function settled(draw: () => Promise<unknown>): Promise<unknown> {
  let last: unknown;
  await expect(async () => {
    const now = await draw();
    const isSame = now === last;
    last = now;
    expect(isSame).toBe(true);
  }).toPass({ intervals: [150] });
  return last;
}
