import { expect, test } from './workbench.ts';

test('a run of the tree is rehearsed by its inline action and wears the badge of its evidence', async ({
  window,
}) => {
  await window.pack();
  const packed = window.rows('Pack');
  await packed.hover();
  await packed.getByRole('button', { name: 'Simulate Mesh' }).click();
  await window.pick('none');
  const sealed = window.rows('PASS');
  await expect(sealed).toContainText('Mesh-sim, 3 nodes', { timeout: 60_000 });
  await expect(sealed).toHaveAccessibleName(/Simulation Evidence/);
});

test('the context menu of a sealed run shows its evidence', async ({ window }) => {
  await window.rows('PASS').click({ button: 'right' });
  await window.page.getByRole('menuitem', { name: 'Show Evidence' }).click();
  await expect((await window.studioFrame()).locator('.stamp')).toContainText('PASS');
});

test('the palette offers the preset of the last run first', async ({ window }) => {
  await window.runCommand('Mesh-Sim: Simulate Mesh');
  await expect(window.choices().first()).toContainText('none');
  await window.pick('slow-node');
  await expect(window.rows('PASS')).toHaveCount(2, { timeout: 60_000 });
  await window.runCommand('Mesh-Sim: Simulate Mesh');
  await expect(window.choices().first()).toContainText('slow-node');
  await window.page.keyboard.press('Escape');
});
