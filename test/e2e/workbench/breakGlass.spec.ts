import { capsulesOf, expect, test } from './targets.ts';

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
  editor,
  window,
  product,
  targets,
}) => {
  await window.pack();
  await targets.describe({
    production: { production: true },
    canary: { gate: { allowBreakGlass: true } },
  });
  const [capsuleHash] = await capsulesOf(editor.commandLine, product.folder);
  const glass = window.choices().filter({ hasText: 'Break the Glass…' });

  await window.runCommand('Mesh-Sim: Deploy');
  await window.pick('production');
  await expect(window.choices().filter({ hasText: 'no sealed rehearsal' })).toHaveCount(1);
  await expect(glass).toHaveCount(0);
  await window.page.keyboard.press('Escape');

  const askToBreak = async (): Promise<void> => {
    await window.runCommand('Mesh-Sim: Deploy');
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
