import { expect, test } from './workbench.ts';

test('the Studio catches up after it was hidden, after its page and after its window was loaded anew in the middle of a run', async ({
  heldProduct,
  openWindow,
}) => {
  const window = await openWindow(heldProduct.folder);
  await window.pack();
  await window.simulate('none');
  const live = await window.studioFrame();
  await expect(live.locator('.cell')).toHaveCount(2);

  await window.openFile('mesh.services.json');
  await expect.poll(() => live.isDetached()).toBe(true);
  await window.tab('Mesh-Sim Studio').click();
  const shownAgain = await window.studioFrame();
  await expect(shownAgain.locator('.cell')).toHaveCount(2);
  await expect(shownAgain.locator('.cell.in-healthy')).toHaveCount(0);

  await window.runCommand('Developer: Reload Webviews');
  await expect.poll(() => shownAgain.isDetached()).toBe(true);
  const loadedAnew = await window.studioFrame();
  await expect(loadedAnew.locator('.cell')).toHaveCount(2);
  await heldProduct.release();
  await expect(loadedAnew.locator('.cell.in-healthy')).toHaveCount(2);
  await expect(loadedAnew.locator('.run-header')).toContainText('PASS');
  await expect(window.rows('PASS')).toHaveCount(1);

  await heldProduct.hold();
  await window.simulate('none');
  await expect(loadedAnew.locator('.run-header')).toContainText('running');
  await window.reload();
  await expect((await window.studioFrame()).locator('.provenance .row').first()).toBeVisible();
  await heldProduct.release();
  // The run before ended with the window it was started from.
  await window.simulate('none');
  await expect(window.rows('PASS')).toHaveCount(2);
});
