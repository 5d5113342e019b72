import type { Page } from '@playwright/test';
import type { RunSnapshot } from '../../../src/model/api.ts';
import { OUTCOMES } from '../../../src/model/packetClasses.ts';
import { fillJson, panelOf, showForm } from './parametersPanel.ts';
import { expect, expectNoAxeViolations, LOOKS, snapshotOf, test } from './recordedRuns.ts';

// Of those that start runs too.
test.use({ workspaceOf: 'the next run' });

const ARRIVING = new Set(
  (['delivered', 'peer-down'] as const).map((outcome) => OUTCOMES.indexOf(outcome)),
);

const CRASH = {
  params: { nodes: 3, latencyMs: [40, 180], packetLoss: 4 },
  seed: 609,
  chaos: { preset: 'crash-mid-deploy' },
};

test('a run shows its mesh as a ring, its links as a table, its latencies as a histogram and its events as a log, which is walked by keyboard', async ({
  studio,
}) => {
  const { page } = studio;
  await studio.open();
  await expect(page.locator('.provenance .row').first()).toBeVisible();
  await fillJson(page, JSON.stringify(CRASH));
  await showForm(page);
  await page.keyboard.press('Control+Enter');

  await expect(page.locator('.run-header')).toContainText('running');
  await expect(panelOf(page)).toContainText('edits apply to the next run');
  const ring = page.getByRole('region', { name: 'Topology' });
  await expect(ring.locator('.ring-node')).toHaveCount(3);
  await studio.screenshot('side-live-dark-1400');
  await expect(page.locator('.run-header')).toContainText('PASS');
  await expect(ring.getByRole('button', { name: /^n\d, healthy$/ })).toHaveCount(3);
  await expect(ring.locator('.ring-hop.valid')).toHaveCount(2);
  expect(await ring.locator('svg *').count()).toBeLessThanOrEqual(300);

  const table = page.getByRole('region', { name: 'Link latency' }).getByRole('table');
  await expect(table.getByRole('columnheader')).toHaveText(['from, to', 'n0', 'n1', 'n2']);
  await expect(table.getByRole('rowheader')).toHaveText(['n0', 'n1', 'n2']);
  await expect(table.getByRole('row', { name: /^n1/ }).getByRole('cell').nth(0)).toHaveText(
    /^\d+$/,
  );
  await page.getByRole('group', { name: 'Measure' }).getByRole('button', { name: 'loss' }).click();
  await expect(table.getByRole('row', { name: /^n1/ }).getByRole('cell').nth(0)).toHaveText(
    /^\d+\.\d$/,
  );
  await expect(table.locator('td').nth(1)).toHaveAttribute(
    'title',
    /^n0 to n1: \d+ packets, p50 \d+/,
  );

  const histogram = page.locator('.histogram');
  await expect(histogram.locator('figcaption')).toHaveText(/^configured 40 to 180 ms, \d+ late$/);
  const name = (await histogram.getByRole('img').getAttribute('aria-label')) ?? '';
  const [p50 = NaN, p95 = NaN] = [...name.matchAll(/p\d\d (\d+) ms/g)].map(([, ms]) => Number(ms));
  expect(p50, name).toBeGreaterThan(40);
  expect(p50, name).toBeLessThan(p95);

  const log = page.getByRole('log');
  await page.getByRole('button', { name: 'All', exact: true }).click();
  await expect(log.getByRole('button').last(), 'it follows the end').toContainText('run finished');
  const field = page.getByRole('textbox', { name: 'Filter events' });
  await field.fill('n2 restart');
  await expect(log.getByRole('button')).toHaveText([
    /n2.*restart after \d+ ms, \d+ chunks on disk$/,
  ]);
  await field.fill('chunk lost');
  await expect(log.getByRole('button', { name: /chunk \d+ lost n\d→n\d/ }).first()).toBeVisible();
  await field.fill('');
  await walkLog(page);
});

/** By keyboard through all events; only the rows that are seen are drawn, and the playhead moves. */
async function walkLog(page: Page): Promise<void> {
  const log = page.getByRole('log');
  const rows = log.getByRole('button');
  const counted = await page.locator('.log h2 .quiet').innerText();
  const [shown = 0] = counted.split(' of ').map(Number);
  expect(shown).toBeGreaterThan(100);
  expect(await rows.count()).toBeLessThan(60);
  await expect(log.locator('[tabindex="0"]'), 'one tab stop').toHaveCount(1);

  await log.locator('[tabindex="0"]').focus();
  await page.keyboard.press('Home');
  await expect(log.locator(':focus')).toContainText('run started');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  const third = await log.locator(':focus').innerText();
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('ArrowDown');
  expect(await log.locator(':focus').innerText()).toBe(third);
  await page.keyboard.press('PageDown');
  await page.keyboard.press('End');
  await expect(log.locator(':focus')).toContainText('run finished');
  await page.keyboard.press('Home');
  for (let step = 0; step < 40; step += 1) await page.keyboard.press('ArrowDown');
  const row = log.locator(':focus');
  const at = (await row.innerText()).split(/\s/)[0] ?? '';
  await page.keyboard.press('Enter');
  await expect(page.locator('.transport')).toContainText(`${at} s`);
  await expect(log.locator('[aria-current="time"]')).toContainText(at);

  await page.keyboard.press('f');
  await expect(page.getByRole('textbox', { name: 'Filter events' })).toBeFocused();
  await page.keyboard.type('f n2');
  await expect(page.getByRole('textbox', { name: 'Filter events' })).toHaveValue('f n2');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('textbox', { name: 'Filter events' })).toHaveValue('');
}

/** In ms since the run began: the node is down, and a packet that gets to its end is on its way, if nobody is there to take it. */
function instantOfFlightWithout(nodeId: string, { events, packets }: RunSnapshot): number {
  const turned = (wanted: 'crashed' | 'restarted'): number =>
    events.find(
      (event) => event.type === 'node' && event.nodeId === nodeId && event.status === wanted,
    )?.at ?? NaN;
  const [from, until] = [turned('crashed'), turned('restarted')];
  for (const { sent, arrived, outcome } of packets)
    for (const [index, start] of sent.entries()) {
      const [first, last] = [Math.max(start, from), Math.min(arrived[index] ?? NaN, until)];
      if (ARRIVING.has(outcome[index] ?? NaN) && first < last) return (first + last) / 2;
    }
  throw new Error(`Nothing was under way while ${nodeId} was down, from ${from} to ${until} ms.`);
}

test('a sought instant shows the ring as it was then', async ({ studio, studioCommand, runs }) => {
  const { page } = studio;
  const snapshot = await snapshotOf(studioCommand.url, runs.passed);
  const t = String(instantOfFlightWithout('n2', snapshot));
  await studio.open({ place: { view: 'run', sim: runs.passed, t } });
  const ring = page.getByRole('region', { name: 'Topology' });
  await expect(ring.getByRole('button', { name: 'n2, down' })).toBeVisible();
  await expect(ring).toContainText(/[1-9]\d* in flight/);
  await studio.screenshot('side-crash-dark-1400');
  const log = page.getByRole('log');
  const field = page.getByRole('textbox', { name: 'Filter events' });
  await field.fill('n2 restart');
  await log.getByRole('button', { name: /n2.*restart/ }).click();
  await expect(ring.getByRole('button', { name: /^n2, (boot|verify|receive)/ })).toBeVisible();
  await field.fill('n2 crashed');
  await log.getByRole('button', { name: /n2.*crashed/ }).click();
  await expect(ring.getByRole('button', { name: 'n2, down' })).toBeVisible();
  await field.fill('');
  await page.getByRole('button', { name: 'Go to the end' }).click();
  await expect(ring.getByRole('button', { name: 'n2, healthy' })).toBeVisible();
  await expect(log.getByRole('button').last()).toContainText('run finished');
});

test('a node of the ring filters the log, and Escape shows all nodes again', async ({
  studio,
  runs,
}) => {
  const { page } = studio;
  await studio.open({ place: { view: 'run', sim: runs.passed } });
  await expect(page.locator('.run-header')).toContainText('PASS');
  const node = page.getByRole('region', { name: 'Topology' }).getByRole('button', { name: /^n2,/ });
  await node.focus();
  await page.keyboard.press('Enter');
  await expect(node).toHaveAttribute('aria-pressed', 'true');
  await page.getByRole('button', { name: 'Problems' }).click();
  const log = page.getByRole('log');
  await expect(log.getByRole('button').first()).toContainText('n2');
  for (const text of await log.locator('.log-node').allInnerTexts()) expect(text).toBe('n2');
  await expect(log).toContainText('n2 is killed');
  await expect(log, 'a fault that healed is no problem').not.toContainText('n2 is started again');
  await expect(page.getByRole('button', { name: 'Show all nodes, not only n2' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(node).toHaveAttribute('aria-pressed', 'false');
  await expect(page.getByRole('button', { name: /^Show all nodes/ })).toHaveCount(0);
});

for (const [theme, width, height] of LOOKS) {
  test(`the panels beside the lanes can be read by everybody in ${theme} at ${width} pixels`, async ({
    studio,
    runs,
  }) => {
    const { page } = studio;
    await studio.open({ theme, width, height, place: { view: 'run', sim: runs.passed } });
    await expect(page.locator('.heatmap tbody td').nth(1)).toHaveText(/\d/);
    if (width === 600) await page.getByTitle('Change the parameters').click();
    await page.getByRole('region', { name: 'Topology' }).scrollIntoViewIfNeeded();
    await page.locator('.ring-node .track').first().click();
    await studio.screenshot(`side-${theme}-${width}`);
    await expectNoAxeViolations(page);
    await page.getByRole('button', { name: 'Edit as JSON' }).click();
    await page.getByLabel('Parameters as JSON').fill('{"seed":}');
    await studio.screenshot(`side-json-${theme}-${width}`);
    await expectNoAxeViolations(page);
  });
}
