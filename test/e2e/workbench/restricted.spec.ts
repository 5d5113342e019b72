import { createTinyRepository, healthyService } from '../../support/tinyProduct.ts';
import { startEditor } from './editor.ts';
import { sealedFile } from './sealedFile.ts';
import { expect, test } from './workbench.ts';

test('a workspace that is not trusted is told so, its evidence can be read, and nothing runs', async ({
  browser,
}) => {
  const editor = await startEditor('restricted');
  const product = await createTinyRepository([healthyService()]);
  const window = await editor.open(browser, product.repo);
  await expect(window.welcome()).toContainText('not trusted');
  await window.screenshot('workbench-restricted-dark');

  await sealedFile(editor.commandLine, product.repo);
  await expect(window.rows('PASS')).toHaveCount(1);
  await window.chooseFromMenu(window.rows('PASS'), 'Show Evidence');
  const studio = await window.studioFrame();
  await expect(studio.locator('.stamp')).toContainText('PASS');
  await expect(studio.getByText('Replay Simulation').first()).toHaveAttribute('disabled');
  await window.close();

  expect(await editor.stop()).toEqual([]);
  await product.dispose();
});
