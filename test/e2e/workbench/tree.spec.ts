import { expect, test } from './workbench.ts';

test('a run of the tree is rehearsed by its inline action, wears a badge and shows its evidence, and the palette offers its preset first', async ({
  window,
}) => {
  await window.pack();
  const packed = window.rows('Pack');
  await packed.hover();
  await packed.getByRole('button', { name: 'Simulate Mesh' }).click();
  await window.pick('slow-node');
  const sealed = window.rows('PASS');
  await expect(sealed).toContainText('Mesh-sim, 2 nodes', { timeout: 60_000 });
  await expect(sealed).toContainText('PASS · Evidence');
  await expect(sealed).toHaveAccessibleName(/Mesh-sim, 2 nodes, chaos, PASS · Simulation Evidence/);
  await window.chooseFromMenu(sealed, 'Show Evidence');
  const studio = await window.studioFrame();
  await expect(studio.locator('.stamp')).toContainText('PASS');

  await window.runCommand('Mesh-Sim: Simulate Mesh');
  await expect(window.choices().first()).toContainText('slow-node');
  // As a page does that comes up only now.
  await studio.evaluate('window.focus()');
  await expect.poll(() => studio.evaluate('document.hasFocus()')).toBe(true);
  await expect(window.choices().first()).toContainText('slow-node');
});
