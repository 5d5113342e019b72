import { rm } from 'node:fs/promises';
import { temporaryFolder } from '../../support/harborPay.ts';
import { createTinyProduct, healthyService } from '../../support/tinyProduct.ts';
import { startEditor } from './editor.ts';
import { sealedFile } from './sealedFile.ts';
import { expect, test } from './workbench.ts';

test('a workspace that is not trusted is told so, its evidence can be read, and nothing runs', async ({
  browser,
}) => {
  const editor = await startEditor('restricted');
  const product = await createTinyProduct([healthyService()]);
  await sealedFile(editor.commandLine, product.repo);
  const empty = await temporaryFolder();

  const window = await editor.open(browser, empty);
  await expect(window.welcome()).toContainText('not trusted');
  await window.screenshot('workbench-restricted-dark');
  await window.close();

  const reader = await editor.open(browser, product.repo);
  await expect(reader.rows('PASS')).toHaveCount(1);
  await reader.chooseFromMenu(reader.rows('PASS'), 'Show Evidence');
  const studio = await reader.studioFrame();
  await expect(studio.locator('.stamp')).toContainText('PASS');
  await expect(studio.getByText('Replay Simulation').first()).toHaveAttribute('disabled');
  await reader.close();

  expect(await editor.stop()).toEqual([]);
  await product.dispose();
  await rm(empty, { recursive: true, force: true });
});
