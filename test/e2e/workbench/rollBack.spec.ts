import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { commitChange } from '../../support/harborPay.ts';
import type { StudioWindow } from './studioWindow.ts';
import { capsulesOf, expect, ledgerOf, test } from './targets.ts';

/** Packs what was committed since; the row of the newest pack is the first one. */
async function packAgain(window: StudioWindow): Promise<void> {
  const before = await window.rows(/^Pack /).count();
  await window.runCommand('Mesh-Sim: Pack Capsule');
  await expect(window.rows(/^Pack /)).toHaveCount(before + 1);
}

async function deployNewest(window: StudioWindow): Promise<void> {
  await window.chooseFromMenu(window.rows(/^Pack /).first(), 'Deploy…');
  await window.pick('staging');
}

test('Roll Back brings the former Capsule back, from the palette and from the row of a deploy', async ({
  editor,
  window,
  product,
  targets,
}) => {
  await targets.describe({ staging: {} });
  await window.pack();
  await window.runCommand('Mesh-Sim: Roll Back');
  await expect(window.notification('There is nothing to go back to')).toBeVisible();
  await deployNewest(window);
  await expect(window.notification('DEPLOYED staging')).toBeVisible();
  await commitChange(product, 'services/orders/version.txt', 'second');
  await packAgain(window);
  await window.runCommand('Notifications: Clear All Notifications');
  await deployNewest(window);
  await expect(window.notification('DEPLOYED staging')).toBeVisible();
  const [second, first] = await capsulesOf(editor.commandLine, product.folder);
  expect(await targets.active('staging')).toBe(second);

  await window.runCommand('Mesh-Sim: Roll Back');
  const goesBack = `${second?.slice(0, 12)} → ${first?.slice(0, 12)}`;
  await expect(window.choices().first()).toContainText(goesBack);
  await window.pick('staging');
  await expect(window.notification('ROLLED BACK staging')).toBeVisible();
  expect(await targets.active('staging')).toBe(first);
  const last = (await ledgerOf(editor.commandLine, product.folder)).at(-1);
  expect(last).toMatchObject({ kind: 'deploy', status: 'rolled-back', capsuleHash: first });
  await expect(window.rows('Rollback of staging')).toHaveCount(1);

  await window.runCommand('Notifications: Clear All Notifications');
  await deployNewest(window);
  await expect(window.notification('DEPLOYED staging')).toBeVisible();
  await window.chooseFromMenu(window.rows('Deploy to staging').first(), 'Roll Back…');
  await expect(window.notification('ROLLED BACK staging')).toBeVisible();
  expect(await targets.active('staging')).toBe(first);
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
    await targets.describe({ staging: { target } });
    await commitChange(product, 'services/orders/version.txt', `before ${door}`);
    await packAgain(window);
    await deployNewest(window);
    await expect(window.notification('DEPLOYED staging')).toBeVisible();
    const before = await targets.active('staging');
    await commitChange(product, 'services/orders/version.txt', `after ${door}`);
    await packAgain(window);
    await window.runCommand('Notifications: Clear All Notifications');
    await writeFile(hold, '');
    await deployNewest(window);

    const progress = window.notification('deploying to staging: activate');
    await expect(progress).toBeVisible();
    expect(await targets.active('staging')).not.toBe(before);
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
    await expect(window.notification('CANCELLED staging')).toBeVisible();
    expect(await targets.active('staging')).toBe(before);
    await expect(window.rows('Deploy to staging').first()).toContainText('FAIL');
    const last = (await ledgerOf(editor.commandLine, product.folder)).at(-1);
    expect(last).toMatchObject({ kind: 'deploy', status: 'failed' });
  });
}
