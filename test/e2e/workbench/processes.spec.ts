import path from 'node:path';
import { processesInside } from '../../support/processesInside.ts';
import { expect, test } from './workbench.ts';

test('closing the window in the middle of a run leaves none of its processes', async ({
  product,
  openWindow,
}) => {
  await product.hold();
  const window = await openWindow(product.folder);
  await window.pack();
  await window.simulate('none');
  const running = (): number => processesInside(path.join(product.folder, '.meshsim')).length;
  // Two agents, the service of each, and what their boxes take.
  await expect.poll(running).toBeGreaterThanOrEqual(4);
  await window.close();
  await expect.poll(running).toBe(0);
});

test('a second window on the workspace is told of the run of the first, and sees its end', async ({
  product,
  window: first,
  openWindow,
}) => {
  await product.hold();
  await first.pack();
  const second = await openWindow(product.folder);
  await first.simulate('none');
  await expect((await first.studioFrame()).locator('.cell')).toHaveCount(2);
  await second.simulate('none');
  await expect(second.notification('is running in this workspace')).toBeVisible();
  await product.release();
  await expect(first.rows('PASS')).toHaveCount(1);
  await expect(second.rows('PASS')).toHaveCount(1);
});
