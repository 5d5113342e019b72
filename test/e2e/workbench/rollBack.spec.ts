import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { commitChange } from '../../support/harborPay.ts';
import type { Editor } from './editor.ts';
import type { StudioWindow } from './studioWindow.ts';
import { capsulesOf, expect, ledgerOf, test } from './targets.ts';
import type { Product } from './workbench.ts';

interface World {
  readonly editor: Editor;
  readonly window: StudioWindow;
  readonly product: Product;
}

/** Packs what was committed; returns the hash. */
async function packAgain(world: World): Promise<string> {
  const before = await world.window.rows(/^Pack /).count();
  await world.window.runCommand('Mesh-Sim: Pack Capsule');
  await expect(world.window.rows(/^Pack /)).toHaveCount(before + 1);
  const [newest = ''] = await capsulesOf(world.editor.commandLine, world.product.folder);
  return newest;
}

async function beginDeploy({ window }: World, capsuleHash: string): Promise<void> {
  await window.runCommand('Mesh-Sim: Deploy');
  await window.pick(capsuleHash.slice(0, 12));
  await window.pick('staging');
}

/** Up to its row in the tree, which is that of its ledger entry. */
async function deploy(world: World, capsuleHash: string): Promise<void> {
  const rows = world.window.rows('Deploy to staging');
  const before = await rows.count();
  await beginDeploy(world, capsuleHash);
  await expect(rows).toHaveCount(before + 1);
}

test('Roll Back brings the former Capsule back, as the link and the ledger show', async ({
  editor,
  window,
  product,
  targets,
}) => {
  const world = { editor, window, product };
  await targets.describe({ staging: {} });
  const first = await packAgain(world);
  await window.runCommand('Mesh-Sim: Roll Back');
  await expect(window.notification('There is nothing to go back to')).toBeVisible();
  await commitChange(product, 'web/version.txt', 'second');
  const second = await packAgain(world);
  for (const capsuleHash of [first, second]) {
    await deploy(world, capsuleHash);
    expect(await targets.active('staging')).toBe(capsuleHash);
  }

  await window.runCommand('Mesh-Sim: Roll Back');
  const goesBack = `${second.slice(0, 12)} → ${first.slice(0, 12)}`;
  await expect(window.choices().first()).toContainText(goesBack);
  await window.pick('staging');
  await expect(window.notification('ROLLED BACK staging')).toBeVisible();
  expect(await targets.active('staging')).toBe(first);
  const last = (await ledgerOf(editor.commandLine, product.folder)).at(-1);
  expect(last).toMatchObject({ kind: 'deploy', status: 'rolled-back', capsuleHash: first });
  await expect(window.rows('Rollback of staging')).toHaveCount(1);
});

for (const door of ['the notification', 'the page'] as const) {
  test(`a deploy that is cancelled from ${door} leaves active what was active before`, async ({
    editor,
    window,
    product,
    targets,
  }) => {
    const hold = path.join(targets.folder, 'hold');
    const target = {
      kind: 'directory',
      path: path.join(targets.folder, 'staging'),
      activate: { run: `[ ! -e '${hold}' ] || sleep 300` },
    };
    const world = { editor, window, product };
    await targets.describe({ staging: { target } });
    // Of one Capsule alone nobody would be asked which.
    await packAgain(world);
    await commitChange(product, 'web/version.txt', `before ${door}`);
    const before = await packAgain(world);
    await deploy(world, before);
    await commitChange(product, 'web/version.txt', `after ${door}`);
    const after = await packAgain(world);
    await writeFile(hold, '');
    await beginDeploy(world, after);

    const progress = window.notification('deploying to staging: activate');
    await expect(progress).toBeVisible();
    await expect.poll(() => targets.active('staging')).toBe(after);
    // What undoes it must not be held.
    await rm(hold);
    if (door === 'the notification') {
      await progress.hover();
      await progress.getByRole('button', { name: 'Cancel' }).click();
    } else {
      await window.runCommand('Mesh-Sim: Open Studio');
      const studio = await window.studioFrame();
      await studio.locator('.row', { hasText: 'Pack' }).first().locator('.row-open').click();
      await studio.locator('.row[aria-current] vscode-button', { hasText: 'Deploy' }).click();
      await studio.locator('.deploy vscode-button', { hasText: 'Cancel' }).click();
      await expect(studio.locator('.deploy-outcome')).toContainText('CANCELLED');
    }
    await expect(window.rows('Deploy to staging').first()).toContainText('FAIL');
    await expect(window.notification('CANCELLED staging').first()).toBeVisible();
    expect(await targets.active('staging')).toBe(before);
    const last = (await ledgerOf(editor.commandLine, product.folder)).at(-1);
    expect(last).toMatchObject({ kind: 'deploy', status: 'failed' });
  });
}
