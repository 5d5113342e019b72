import path from 'node:path';
import { processesInside } from '../../support/processesInside.ts';
import { expect, test } from './workbench.ts';

test('closing the window in the middle of a run leaves none of its processes', async ({
  heldProduct,
  openWindow,
}) => {
  const window = await openWindow(heldProduct.folder);
  await window.pack();
  await window.simulate('none');
  const running = (): number => processesInside(path.join(heldProduct.folder, '.meshsim')).length;
  // Two agents, the service of each, and what their boxes take.
  await expect.poll(running).toBeGreaterThanOrEqual(4);
  await window.close();
  await expect.poll(running).toBe(0);
});

test('a second window on the workspace is told of the run of the first, and sees its end', async ({
  heldProduct,
  openWindow,
}) => {
  const first = await openWindow(heldProduct.folder);
  await first.pack();
  const second = await openWindow(heldProduct.folder);
  await first.simulate('none');
  await expect((await first.studioFrame()).locator('.cell')).toHaveCount(2);
  await second.simulate('none');
  await expect(second.notification('is running in this workspace')).toBeVisible();
  await heldProduct.release();
  await expect(first.rows('PASS')).toHaveCount(1);
  await expect(second.rows('PASS')).toHaveCount(1);
});
