import { fillJson, panelOf, showForm } from './parametersPanel.ts';
import { expect, expectNoAxeViolations, test } from './tinyStudio.ts';

test('regions and access links are chosen in the form, and are the same in the JSON', async ({
  studio,
}) => {
  const { page } = studio;
  await studio.open();
  const panel = panelOf(page);
  await panel.getByRole('combobox', { name: 'Topology' }).selectOption('regions');
  const chosen = panel.getByRole('list', { name: 'Chosen regions' }).getByRole('listitem');
  await expect(chosen).toHaveText([
    'Germany West Central',
    'East US',
    'Southeast Asia (Singapore)',
  ]);
  await panel.getByRole('textbox', { name: 'Find a region' }).focus();
  await page.keyboard.type('syd');
  await page.keyboard.press('Tab');
  const add = panel.getByRole('button', { name: /^Australia East/ });
  await expect(add).toBeFocused();
  await expect(add).toContainText('290 ms from deu');
  await page.keyboard.press('Enter');
  await panel.getByRole('button', { name: 'Remove East US' }).click();
  await expect(panel.getByRole('table', { name: /Round-trip times/ })).toContainText('98');
  await panel.getByRole('textbox', { name: 'Find a region' }).fill('nowhere');
  await expect(panel).toContainText('No region of that name.');
  await panel.getByRole('textbox', { name: 'Find a region' }).fill('');

  await panel.getByRole('switch', { name: 'Give nodes access links' }).check();
  await panel.getByRole('combobox', { name: 'Access link of n1' }).selectOption('starlink');
  await expect(page.locator('.panel-summary')).toContainText('n1 starlink');
  await studio.screenshot('side-regions-dark');
  await expectNoAxeViolations(page);
  await page.getByRole('button', { name: 'Edit as JSON' }).click();
  const text = await page.getByLabel('Parameters as JSON').inputValue();
  const plan = JSON.parse(text) as { topology: { regions: string[] }; access: unknown };
  expect(plan.topology.regions).toEqual(['deu', 'sgp', 'aus']);
  expect(plan.access).toEqual({ n1: 'starlink' });

  const own = { access: { n0: { preset: 'a hill', upBitsPerSecond: 9600 } } };
  await fillJson(page, JSON.stringify(own));
  await showForm(page);
  const access = panel.getByRole('combobox', { name: 'Access link of n0' });
  await expect(access.locator('option:checked')).toHaveText('a hill');
});
