import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { recordRehearsal } from '../../support/recordedRehearsal.ts';
import { expect, ledgerOf, test } from './targets.ts';

const WHY = 'Break the glass of canary: why?';
const REASON = 'the shop is down';

/** Evaluated in the page: the theme's colour for errors, as computed styles state colours. */
const RED = `(() => {
  const probe = document.body.appendChild(document.createElement('i'));
  probe.style.color = 'var(--err)';
  const red = getComputedStyle(probe).color;
  probe.remove();
  return red;
})()`;

test('glass is broken only where the policy lets it, with a reason and a second yes, and every view shows it in red', async ({
  window,
  targets,
  capsuleHash,
  askWhere,
}) => {
  await targets.describe({
    whole: { production: true },
    canary: { gate: { allowBreakGlass: true } },
  });
  const glass = window.choices().filter({ hasText: 'Break the Glass…' });

  await askWhere(capsuleHash);
  await window.pick('whole');
  await expect(window.choices().filter({ hasText: 'no sealed rehearsal' })).toHaveCount(1);
  await expect(glass).toHaveCount(0);
  await window.page.keyboard.press('Escape');

  const askToBreak = async (): Promise<void> => {
    await askWhere(capsuleHash);
    await window.pick('canary');
    await window.pick('Break the Glass…');
  };
  await askToBreak();
  await window.answer(WHY, '  short  ');
  await expect(window.question()).toContainText('has fewer than 8 characters that are seen.');
  await window.screenshot('workbench-glass-reason-dark');
  await window.answer(WHY, REASON);
  const sure = window.dialog(/Break the glass of canary\?/);
  await expect(sure).toContainText('There is no sealed rehearsal of this Capsule.');
  await expect(sure).toContainText(REASON);
  await window.screenshot('workbench-glass-sure-dark');
  await sure.getByRole('button', { name: 'Cancel' }).click();
  expect(await targets.active('canary')).toBeUndefined();
  await expect(window.rows('canary')).toHaveCount(0);

  await askToBreak();
  await window.answer(WHY, REASON);
  await sure.getByRole('button', { name: 'Break the Glass' }).click();
  await expect(window.notification('DEPLOYED canary')).toBeVisible();
  expect(await targets.active('canary')).toBe(capsuleHash);
  const row = window.rows('GLASS BROKEN');
  await expect(row).toContainText(REASON);
  await expect(row.locator('.codicon-flame')).toHaveCount(1);

  await window.answerNotification('DEPLOYED canary', 'Show Chain of Trust');
  const studio = await window.studioFrame();
  const box = studio.locator('.trust-box.glass');
  await expect(box).toContainText('GLASS BROKEN');
  await expect(box).toHaveCSS('border-top-color', await studio.evaluate<string>(RED));
  await expect(studio.locator('.provenance .row', { hasText: 'GLASS BROKEN' })).toContainText(
    REASON,
  );
  await window.screenshot('workbench-glass-trust-dark');
});

test('production without a gate of its own refuses, allows after a rehearsal that kept its timing, and refuses after one that did not', async ({
  editor,
  window,
  product,
  targets,
  capsuleHash,
  askWhere,
}) => {
  await targets.describe({ strict: { production: true } });
  const { configFolder } = editor.commandLine;
  const rehearsed = { folder: product.folder, configFolder };

  await askWhere(capsuleHash);
  await expect(window.choices().first()).toContainText('REFUSED');
  await window.pick('strict');
  const needed = '5 nodes, 80 to 200 ms, 1 % loss, chaos crash-mid-deploy';
  await expect(window.choices().first()).toContainText(needed);
  await expect(window.choices().filter({ hasText: 'Break the Glass' })).toHaveCount(0);
  await window.page.keyboard.press('Escape');

  await recordRehearsal(rehearsed, capsuleHash);
  await askWhere(capsuleHash);
  await expect(window.choices().first()).toContainText('ALLOWED');
  await window.screenshot('workbench-gate-allowed-dark');
  await window.pick('strict');
  await window
    .dialog(/to strict\?/)
    .getByRole('button', { name: 'Deploy', exact: true })
    .click();
  await expect(window.notification('DEPLOYED strict')).toBeVisible();
  expect(await targets.active('strict')).toBe(capsuleHash);

  await recordRehearsal(rehearsed, capsuleHash, { degraded: true });
  await askWhere(capsuleHash);
  await expect(window.choices().first()).toContainText('REFUSED');
  await window.pick('strict');
  await expect(window.choices().filter({ hasText: 'timing' })).toHaveCount(1);
  await window.page.keyboard.press('Escape');
});

test('Roll Back brings the former Capsule back, as the link and the ledger show', async ({
  editor,
  window,
  product,
  targets,
  packNew,
  askWhere,
}) => {
  await targets.describe({ harbour: {} });
  const first = await packNew();
  await window.runCommand('Mesh-Sim: Roll Back');
  await expect(window.notification('There is nothing to go back to')).toBeVisible();
  const second = await packNew();
  const deploys = window.rows('Deploy to harbour');
  for (const [at, capsuleHash] of [first, second].entries()) {
    await askWhere(capsuleHash);
    await window.pick('harbour');
    await expect(deploys).toHaveCount(at + 1);
    expect(await targets.active('harbour')).toBe(capsuleHash);
  }

  await window.runCommand('Mesh-Sim: Roll Back');
  const goesBack = `${second.slice(0, 12)} → ${first.slice(0, 12)}`;
  await expect(window.choices().first()).toContainText(goesBack);
  await window.pick('harbour');
  await expect(window.notification('ROLLED BACK harbour')).toBeVisible();
  expect(await targets.active('harbour')).toBe(first);
  const last = (await ledgerOf(editor.commandLine, product.folder)).at(-1);
  expect(last).toMatchObject({ kind: 'deploy', status: 'rolled-back', capsuleHash: first });
  await expect(window.rows('Rollback of harbour')).toHaveCount(1);
});

for (const [door, environment] of [
  ['the notification', 'pier'],
  ['the page', 'quay'],
] as const) {
  test(`a deploy that is cancelled from ${door} leaves active what was active before`, async ({
    editor,
    window,
    product,
    targets,
    packNew,
    askWhere,
  }) => {
    const hold = path.join(targets.folder, 'hold');
    const target = {
      kind: 'directory',
      path: path.join(targets.folder, environment),
      activate: { run: `[ ! -e '${hold}' ] || sleep 300` },
    };
    await targets.describe({ [environment]: { target } });
    const deploys = window.rows(`Deploy to ${environment}`);
    const before = await packNew();
    await askWhere(before);
    await window.pick(environment);
    await expect(deploys).toHaveCount(1);
    const after = await packNew();
    await writeFile(hold, '');
    await askWhere(after);
    await window.pick(environment);

    const progress = window.notification(`deploying to ${environment}: activate`);
    await expect(progress).toBeVisible();
    await expect.poll(() => targets.active(environment)).toBe(after);
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
    await expect(deploys.first()).toContainText('FAIL');
    await expect(window.notification(`CANCELLED ${environment}`).first()).toBeVisible();
    expect(await targets.active(environment)).toBe(before);
    const last = (await ledgerOf(editor.commandLine, product.folder)).at(-1);
    expect(last).toMatchObject({ kind: 'deploy', status: 'failed' });
  });
}
