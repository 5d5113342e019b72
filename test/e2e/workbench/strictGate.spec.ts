import { recordRehearsal } from '../../support/recordedRehearsal.ts';
import { capsulesOf, expect, test } from './targets.ts';

test('production without a gate of its own refuses, allows after a rehearsal that kept its timing, and refuses after one that did not', async ({
  editor,
  window,
  product,
  targets,
}) => {
  await window.pack();
  await targets.describe({ production: { production: true } });
  const [capsuleHash = ''] = await capsulesOf(editor.commandLine, product.folder);
  const { configFolder } = editor.commandLine;
  const rehearsed = { folder: product.folder, configFolder };

  await window.runCommand('Mesh-Sim: Deploy');
  await expect(window.choices().first()).toContainText('REFUSED');
  await window.pick('production');
  const needed = '5 nodes, 80 to 200 ms, 1 % loss, chaos crash-mid-deploy';
  await expect(window.choices().first()).toContainText(needed);
  await expect(window.choices().filter({ hasText: 'Break the Glass' })).toHaveCount(0);
  await window.page.keyboard.press('Escape');

  await recordRehearsal(rehearsed, capsuleHash);
  await window.runCommand('Mesh-Sim: Deploy');
  await expect(window.choices().first()).toContainText('ALLOWED');
  await window.screenshot('workbench-gate-allowed-dark');
  await window.pick('production');
  await window
    .dialog(/to production\?/)
    .getByRole('button', { name: 'Deploy', exact: true })
    .click();
  await expect(window.notification('DEPLOYED production')).toBeVisible();
  expect(await targets.active('production')).toBe(capsuleHash);

  await recordRehearsal(rehearsed, capsuleHash, { degraded: true });
  await window.runCommand('Mesh-Sim: Deploy');
  await expect(window.choices().first()).toContainText('REFUSED');
  await window.pick('production');
  await expect(window.choices().filter({ hasText: 'timing' })).toHaveCount(1);
  await window.page.keyboard.press('Escape');
});
