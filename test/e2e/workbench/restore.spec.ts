import { expect, test } from './workbench.ts';

test('the Studio catches up after it was hidden and after its page was loaded anew, in the middle of a run', async ({
  heldProduct,
  openWindow,
}) => {
  const window = await openWindow(heldProduct.folder);
  await window.pack();
  await window.simulate('none');
  const live = await window.studioFrame();
  await expect(live.locator('.cell')).toHaveCount(3);

  await window.openFile('mesh.services.json');
  await expect.poll(() => live.isDetached()).toBe(true);
  await window.tab('Mesh-Sim Studio').click();
  const shownAgain = await window.studioFrame();
  await expect(shownAgain.locator('.cell')).toHaveCount(3);
  await expect(shownAgain.locator('.cell.in-healthy')).toHaveCount(0);

  await window.runCommand('Developer: Reload Webviews');
  await expect.poll(() => shownAgain.isDetached()).toBe(true);
  const loadedAnew = await window.studioFrame();
  await expect(loadedAnew.locator('.cell')).toHaveCount(3);
  await heldProduct.release();
  await expect(loadedAnew.locator('.cell.in-healthy')).toHaveCount(3);
  await expect(loadedAnew.locator('.run-header')).toContainText('PASS');
});

test('a window that is loaded anew shows the Studio again and can simulate again', async ({
  heldProduct,
  openWindow,
}) => {
  const window = await openWindow(heldProduct.folder);
  await window.pack();
  await window.simulate('none');
  await expect((await window.studioFrame()).locator('.cell')).toHaveCount(3);
  await window.reload();
  await expect((await window.studioFrame()).locator('.provenance .row').first()).toBeVisible();
  await heldProduct.release();
  await window.simulate('none');
  await expect(window.rows('PASS')).toHaveCount(1, { timeout: 60_000 });
});
