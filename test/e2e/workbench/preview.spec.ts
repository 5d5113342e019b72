import { expect, test } from './workbench.ts';

test("the editor's browser shows the page with its token and follows a run live", async ({
  heldProduct,
  openWindow,
}) => {
  const window = await openWindow(heldProduct.folder);
  await window.pack();
  await window.runCommand('Mesh-Sim: Open Studio in Browser Preview');
  const page = await window.frameWith('body[data-boot*=\'"door":"http"\']');
  await expect(page.locator('.provenance .row')).toContainText('Pack');
  const simulate = page
    .locator('.panel vscode-button, .run-bar vscode-button')
    .filter({ visible: true });
  await expect(simulate).not.toHaveAttribute('disabled');
  await simulate.click();
  // As the settings of this editor say.
  await expect(page.locator('.cell')).toHaveCount(2);
  await expect(page.locator('.cell.in-healthy')).toHaveCount(0);
  await heldProduct.release();
  await expect(page.locator('.cell.in-healthy')).toHaveCount(2);
  await window.screenshot('workbench-preview-dark');
  await expect(window.rows('PASS')).toHaveCount(1);
});
