import type { Locator, Page } from '@playwright/test';
import { expect, expectNoAxeViolations, LOOKS, test } from './recordedRuns.ts';

// Of those that start runs too.
test.use({ workspaceOf: 'the next run' });

const CRASH = {
  params: { nodes: 3, latencyMs: [40, 180], packetLoss: 4 },
  seed: 609,
  chaos: { preset: 'crash-mid-deploy' },
};

function panelOf(page: Page): Locator {
  return page.getByRole('region', { name: 'Mesh-Sim parameters' });
}

async function fillJson(page: Page, text: string): Promise<void> {
  const toggle = page.getByRole('button', { name: 'Edit as JSON' });
  if ((await toggle.getAttribute('aria-pressed')) !== 'true') await toggle.click();
  await page.getByLabel('Parameters as JSON').fill(text);
}

async function showForm(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Edit as JSON', pressed: true }).click();
}

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

test('a sought instant shows the ring as it was then', async ({ studio, runs }) => {
  const { page } = studio;
  await studio.open({ place: { view: 'run', sim: runs.passed } });
  await expect(page.locator('.run-header')).toContainText('PASS');
  const ring = page.getByRole('region', { name: 'Topology' });
  const log = page.getByRole('log');
  const field = page.getByRole('textbox', { name: 'Filter events' });
  await field.fill('n2 crashed');
  await log.getByRole('button', { name: /n2.*crashed/ }).click();
  await expect(ring.getByRole('button', { name: 'n2, down' })).toBeVisible();
  await expect(ring).toContainText(/[1-9]\d* in flight/);
  await studio.screenshot('side-crash-dark-1400');
  await field.fill('n2 restart');
  await log.getByRole('button', { name: /n2.*restart/ }).click();
  await expect(ring.getByRole('button', { name: /^n2, (boot|verify|receive)/ })).toBeVisible();
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

test('the form and the JSON are the same object, and what is no plan changes nothing', async ({
  studio,
}) => {
  const { page } = studio;
  await studio.open();
  const panel = panelOf(page);
  await fillJson(page, '{"params":{"nodes":7,"latencyMs":[10,60],"packetLoss":3},"seed":42}');
  await showForm(page);
  await expect(panel.getByRole('slider', { name: 'Nodes' })).toHaveValue('7');
  await expect(panel).toContainText('10 to 60 ms');
  await expect(panel.getByRole('textbox', { name: 'Seed' })).toHaveValue('42');

  await panel.getByRole('slider', { name: 'Nodes' }).fill('4');
  await panel.getByRole('switch', { name: /Verify signatures/ }).uncheck();
  await panel.getByRole('switch', { name: /Drift/ }).check();
  await panel.getByRole('textbox', { name: 'Commit it is given' }).fill('9c0abe5');
  await fillJson(
    page,
    await (async () => {
      await page.getByRole('button', { name: 'Edit as JSON' }).click();
      return page.getByLabel('Parameters as JSON').inputValue();
    })(),
  );
  const text = await page.getByLabel('Parameters as JSON').inputValue();
  const plan = JSON.parse(text) as { params: { nodes: number }; drift: { commit: string }[] };
  expect(plan.params).toEqual({
    nodes: 4,
    latencyMs: [10, 60],
    packetLoss: 3,
    verifySignatures: false,
  });
  expect(plan.drift[0]?.commit).toBe('9c0abe5');

  await fillJson(page, text.replace('"nodes": 4', '"nodes": 40'));
  await expect(page.locator('#json-problem')).toHaveText(
    'Line 3, column 14: params.nodes must be a whole number from 2 to 10, not 40.',
  );
  await fillJson(page, text.replace('"nodes": 4,', '"nodes": 4,,'));
  await expect(page.locator('#json-problem')).toHaveText(/^Line 3, column \d+ is not JSON/);
  await showForm(page);
  await expect(panel.getByRole('slider', { name: 'Nodes' }), 'the form is as it was').toHaveValue(
    '4',
  );
});

test('faults and links that were written as JSON are a choice of the form, and come back from it', async ({
  studio,
}) => {
  const { page } = studio;
  await studio.open();
  const panel = panelOf(page);
  const faults = [{ when: { atMs: 10 }, do: { kill: 'n1', restartAfterMs: 300 } }];
  const links = [
    { from: 'n0', to: 'n1' },
    { from: 'n1', to: 'n0' },
  ];
  const written = { params: { nodes: 2 }, chaos: { faults }, topology: { kind: 'custom', links } };
  await fillJson(page, JSON.stringify(written));
  await showForm(page);
  const chaos = panel.getByRole('combobox', { name: 'Chaos' });
  const topology = panel.getByRole('combobox', { name: 'Topology' });
  await expect(chaos.locator('option:checked')).toHaveText('your own, one fault');
  await expect(topology.locator('option:checked')).toHaveText('your own, 2 links');
  await expect(panel.getByLabel('Chaos schedule')).toContainText('kill n1');

  await chaos.selectOption('none');
  await topology.selectOption('ring');
  await chaos.selectOption('your own, one fault');
  await topology.selectOption('your own, 2 links');
  await page.getByRole('button', { name: 'Edit as JSON' }).click();
  const text = await page.getByLabel('Parameters as JSON').inputValue();
  expect(JSON.parse(text)).toMatchObject({
    chaos: { preset: 'none', faults },
    topology: { kind: 'custom', links },
  });
});

test('every parameter can be set by keyboard, and thumbs of the range swap instead of crossing', async ({
  studio,
}) => {
  const { page } = studio;
  await studio.open();
  const panel = panelOf(page);
  const nodes = panel.getByRole('slider', { name: 'Nodes' });
  await nodes.focus();
  await page.keyboard.press('End');
  await expect(nodes).toHaveValue('10');
  await page.keyboard.press('ArrowLeft');
  await expect(nodes).toHaveValue('9');
  await expect(nodes).toHaveAttribute('aria-valuetext', '9');

  await page.keyboard.press('Tab');
  await expect(panel.getByRole('slider', { name: 'Latency minimum, ms' })).toBeFocused();
  await page.keyboard.press('ArrowRight');
  await expect(panel).toContainText('45 to 180 ms');
  await page.keyboard.press('End');
  await expect(panel, 'the lower thumb passed the upper one').toContainText('180 to 500 ms');
  await expect(panel.getByRole('slider', { name: 'Latency maximum, ms' })).toBeFocused();
  await page.keyboard.press('Tab');
  await expect(panel.getByRole('slider', { name: 'Latency minimum, ms' })).toBeFocused();
  await page.keyboard.press('Home');
  await expect(panel).toContainText('0 to 500 ms');

  await page.keyboard.press('Tab');
  const loss = panel.getByRole('slider', { name: 'Packet loss' });
  await expect(loss).toBeFocused();
  await page.keyboard.press('ArrowUp');
  await expect(loss).toHaveAttribute('aria-valuetext', '1 %');
  await page.keyboard.press('Tab');
  await expect(panel.getByRole('button', { name: 'New seed' })).toBeFocused();
  const seed = panel.getByRole('textbox', { name: 'Seed' });
  const before = await seed.inputValue();
  await page.keyboard.press('Enter');
  await expect(seed).not.toHaveValue(before);
  await page.keyboard.press('Tab');
  await page.keyboard.press('Control+a');
  await page.keyboard.type('12x');
  await expect(panel).toContainText('A seed is a whole number from 0 to 4294967295.');
  await page.keyboard.press('Backspace');
  await expect(panel).not.toContainText('A seed is a whole number');

  await page.keyboard.press('Tab');
  const verify = panel.getByRole('switch', { name: 'Verify signatures at every hop' });
  await expect(verify).toBeFocused();
  await page.keyboard.press('Space');
  await expect(verify).not.toBeChecked();

  const chaos = panel.getByRole('combobox', { name: 'Chaos' });
  await chaos.focus();
  await page.keyboard.press('ArrowDown');
  await expect(panel.getByLabel('Chaos schedule')).toContainText('when n3.receive ≥ 45 %');
  await expect(panel.getByLabel('Chaos schedule')).toContainText('restart n3');

  const place = panel.getByRole('switch', { name: 'Place services on chosen nodes' });
  await place.focus();
  await page.keyboard.press('Space');
  const placement = panel.getByRole('table', { name: 'Placement of services' });
  await expect(placement.getByRole('checkbox', { checked: true })).toHaveCount(27);
  for (const node of ['n0', 'n1', 'n2', 'n3', 'n5', 'n6', 'n7', 'n8']) {
    await placement.getByRole('checkbox', { name: `orders on ${node}` }).focus();
    await page.keyboard.press('Space');
  }
  await expect(placement.getByRole('checkbox', { name: 'orders on n4' })).toBeDisabled();
  await expect(placement.getByRole('checkbox', { checked: true })).toHaveCount(19);
  await studio.screenshot('side-placement-dark');
  await expectNoAxeViolations(page);
  await place.focus();
  await page.keyboard.press('Space');
  await expect(placement).toBeHidden();

  const drift = panel.getByRole('switch', { name: /Drift/ });
  await expect(panel.getByRole('combobox', { name: 'Service that drifts' })).toBeDisabled();
  await drift.focus();
  await page.keyboard.press('Space');
  await expect(panel.getByRole('combobox', { name: 'Service that drifts' })).toBeEnabled();
  await panel.getByRole('textbox', { name: 'Commit it is given' }).fill('ab');
  await expect(panel).toContainText('Drift of n1 needs a commit of at least 4 characters.');
  await expect(panel.locator('vscode-button', { hasText: 'Simulate Mesh' })).toHaveAttribute(
    'disabled',
  );
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
