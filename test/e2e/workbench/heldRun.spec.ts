import path from 'node:path';
import { processesInside } from '../../support/processesInside.ts';
import type { StudioWindow } from './studioWindow.ts';
import { expect, test } from './workbench.ts';

/** Resolves when one more run of the window's workspace has passed. */
async function whilePassing<T>(window: StudioWindow, run: () => Promise<T>): Promise<T> {
  const before = await window.rows('PASS').count();
  const what = await run();
  await expect(window.rows('PASS')).toHaveCount(before + 1);
  return what;
}

test("the editor's browser shows the page with its token and follows a run live", async ({
  held,
}) => {
  const { window, product } = held;
  await whilePassing(window, async () => {
    await window.runCommand('Mesh-Sim: Open Studio in Browser Preview');
    const page = await window.frameWith('body[data-boot*=\'"door":"http"\']');
    await expect(page.locator('.provenance .row').last()).toContainText('Pack');
    const simulate = page
      .locator('.panel vscode-button, .run-bar vscode-button')
      .filter({ visible: true });
    await expect(simulate).not.toHaveAttribute('disabled');
    await simulate.click();
    await expect(page.locator('.run-header')).toContainText('running');
    // As the settings of this editor say.
    await expect(page.locator('.cell')).toHaveCount(2);
    await expect(page.locator('.cell.in-healthy')).toHaveCount(0);
    await product.release();
    await expect(page.locator('.cell.in-healthy')).toHaveCount(2);
    await window.screenshot('workbench-preview-dark');
  });
});

test('the Studio catches up after it was hidden, after its page and after its window was loaded anew in the middle of a run', async ({
  held,
}) => {
  const { window, product } = held;
  const loadedAnew = await whilePassing(window, async () => {
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
    const studio = await window.studioFrame();
    await expect(studio.locator('.cell')).toHaveCount(2);
    await product.release();
    await expect(studio.locator('.cell.in-healthy')).toHaveCount(2);
    await expect(studio.locator('.run-header')).toContainText('PASS');
    return studio;
  });

  await product.hold();
  await whilePassing(window, async () => {
    await window.simulate('none');
    await expect(loadedAnew.locator('.run-header')).toContainText('running');
    await window.reload();
    await expect((await window.studioFrame()).locator('.provenance .row').first()).toBeVisible();
    await product.release();
    // The run before ended with the window it was started from.
    await window.simulate('none');
  });
});

test('a second window on the workspace is told of the run of the first and sees its end, and closed in the middle of a run of its own it leaves none of its processes', async ({
  held,
  openWindow,
}) => {
  const { window: first, product } = held;
  const second = await openWindow(product.folder);
  const before = await first.rows('PASS').count();
  await first.simulate('none');
  await expect((await first.studioFrame()).locator('.cell')).toHaveCount(2);
  await second.simulate('none');
  await expect(second.notification('is running in this workspace')).toBeVisible();
  await product.release();
  for (const window of [first, second]) await expect(window.rows('PASS')).toHaveCount(before + 1);

  await product.hold();
  await second.simulate('none');
  const running = (): number => processesInside(path.join(product.folder, '.meshsim')).length;
  // Two agents, the service of each, and what their boxes take.
  await expect.poll(running).toBeGreaterThanOrEqual(4);
  await second.close();
  await expect.poll(running).toBe(0);
});
