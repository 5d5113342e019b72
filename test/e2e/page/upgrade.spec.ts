import { panelOf } from './parametersPanel.ts';
import { expect, expectNoAxeViolations, LOOKS } from './studioPage.ts';
import { test } from './upgradedRun.ts';

test.use({ workspaceOf: 'an upgrade' });

/** What the lanes say is in the pixels of a canvas alone. */
const NOTE_WORDS = `
  const { fillText } = CanvasRenderingContext2D.prototype;
  globalThis.drawnWords = new Set();
  CanvasRenderingContext2D.prototype.fillText = function (text, ...where) {
    globalThis.drawnWords.add(text);
    fillText.call(this, text, ...where);
  };`;

for (const [theme, width, height] of LOOKS) {
  test(`a rehearsed upgrade can be followed by everybody in ${theme} at ${width} pixels`, async ({
    studio,
    upgraded,
  }) => {
    const { page } = studio;
    const { simId, old } = upgraded;
    const look = async (view: string) => {
      await studio.screenshot(`upgrade-${view}-${theme}-${width}`);
      await expectNoAxeViolations(page);
    };
    await page.addInitScript(NOTE_WORDS);
    await studio.open({ theme, width, height, place: { view: 'run', sim: simId } });
    await expect(page.locator('.run-header')).toContainText('PASS');
    await expect(page.locator('.top')).toContainText(upgraded.new.slice(0, 7));
    const key = page.getByRole('list', { name: 'Capsules of the upgrade' });
    // A narrow page has room for four digits.
    await expect(key).toContainText(`old ${old.slice(0, 4)}`);
    await expect(key).toContainText(`new ${upgraded.new.slice(0, 4)}`);
    const ring = page.getByRole('group', { name: 'Nodes of the mesh' });
    for (const node of ['n0', 'n1', 'n2']) {
      const name = `${node}, healthy, runs the new Capsule`;
      await expect(ring.getByRole('button', { name })).toBeVisible();
      await expect(page.locator('.cells').getByRole('button', { name })).toBeVisible();
    }
    await expect(page.locator('.lane-version')).toHaveText(['new', 'new', 'new']);
    const drawn = () => page.evaluate<string[]>('[...globalThis.drawnWords]');
    // In a narrow page the shorter waves have no room for words.
    const waveWords: unknown[] = width > 980 ? [expect.stringMatching(/^wave \d/)] : [];
    await expect.poll(drawn).toEqual(expect.arrayContaining(['mixed', ...waveWords]));
    await look('run');

    const time = page.getByRole('slider', { name: 'Time in the run, seconds' });
    await time.focus();
    await time.press('Home');
    await expect(page.locator('.lane-version')).toHaveCount(0);
    const old1 = ring.getByRole('button', { name: 'n1, healthy, runs the old Capsule' });
    await expect(async () => {
      await time.press('ArrowRight');
      await expect(old1).toBeVisible({ timeout: 100 });
    }).toPass();

    await page.getByRole('navigation', { name: 'Views' }).getByText('Evidence').click();
    const section = page.getByRole('region', { name: 'Upgrade' });
    await expect(section).toContainText('completed, all nodes run the new Capsule');
    await expect(section).toContainText(`old ${old.slice(0, 12)}`);
    const windows = section.getByRole('list', { name: 'Windows of the upgrade' });
    await expect(windows.getByRole('listitem')).toHaveText(
      ['before', 'mixed', 'rolled-back', 'mixed', 'after'].map(
        (name) => new RegExp(`^${name} \\d+\\.\\d\\d s$`),
      ),
    );
    const waves = section.getByRole('table', { name: 'Waves of the upgrade' });
    await expect(waves.locator('tbody tr')).toHaveCount(7);
    await expect(waves.locator('tbody tr', { hasText: 'back to old' })).toHaveCount(2);
    const check = section.getByRole('table', { name: 'Checks' }).locator('tbody tr');
    await expect(check).toHaveText(
      /^starts are kept.*before 1, mixed 5, rolled-back 1, after 1.*n0.*8 of 8 passed$/,
    );
    await look('evidence');

    await page.getByRole('navigation', { name: 'Views' }).getByText('Trust').click();
    await expect(page.locator('.trust-line.is-upgrade.proven')).toHaveCount(1);
    const box = page.locator('.trust-box', {
      hasText: `upgrade from ${old.slice(0, 7)}`,
    });
    await box.click();
    await expect(page.locator('.trust-details')).toContainText('there, back and there again');
    await look('trust');
  });
}

test('the timeline tells which upgrade was rehearsed, and the form chooses what the next one starts from', async ({
  studio,
  upgraded,
}) => {
  const { page } = studio;
  await studio.open();
  const ends = `${upgraded.old.slice(0, 4)} → ${upgraded.new.slice(0, 4)}`;
  await expect(page.locator('.badge.is-upgrade')).toHaveText(
    `Upgrade rehearsed: ${ends}, and back`,
  );

  const panel = panelOf(page);
  const from = panel.getByRole('combobox', { name: 'From' });
  const strategy = panel.getByRole('combobox', { name: 'Strategy' });
  await expect(from.locator('option')).toHaveText([
    'none, a first start',
    new RegExp(`^tiny ${upgraded.old.slice(0, 7)}, Today \\d\\d:\\d\\d$`),
  ]);
  await expect(strategy).toBeDisabled();
  await expect(panel.getByRole('combobox', { name: 'Rollback' })).toBeDisabled();
  await from.selectOption(upgraded.old);
  await expect(panel.getByRole('slider', { name: 'Nodes at a time' })).toHaveValue('1');
  await strategy.selectOption('canary');
  await panel.getByRole('slider', { name: 'Canaries' }).fill('2');
  await panel.getByRole('combobox', { name: 'Rollback' }).selectOption('after-all');
  await studio.screenshot('upgrade-form-dark-1400');
  await expectNoAxeViolations(page);
  await page.getByRole('button', { name: 'Edit as JSON' }).click();
  const text = await page.getByLabel('Parameters as JSON').inputValue();
  expect(JSON.parse(text)).toMatchObject({
    upgrade: {
      from: upgraded.old,
      strategy: { kind: 'canary', nodes: 2 },
      rollback: 'after-all',
    },
    deadlineMs: 300_000,
  });
});
