import { fillJson, panelOf, showForm } from './parametersPanel.ts';
import { expect, expectNoAxeViolations, test } from './recordedRuns.ts';

// Of those that start runs too.
test.use({ workspaceOf: 'the next run' });

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
