import { readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { commitChange } from '../../support/harborPay.ts';
import {
  ask,
  BUSY,
  button,
  capsuleOf,
  decisionOf,
  deployButton,
  expect,
  expectNoAxeViolations,
  LOOKS,
  objectFile,
  openDeploy,
  packs,
  passedRun,
  STILL,
  test,
  whileAltered,
} from './deployWorkspace.ts';

test.use({ workspaceOf: 'deploys', ...STILL });

// Each goes on from what the ones before it left in the ledger.
test.describe.configure({ mode: 'serial' });

test('without environments there is a sentence where Deploy would be', async ({ studio }) => {
  const { page } = studio;
  await studio.open();
  const pack = page.locator('.row', { hasText: 'Pack' });
  await pack.locator('.row-open').click();
  await expect(pack).toContainText('mesh.environments.json');
  await expect(pack.getByText('Deploy', { exact: true })).toHaveCount(0);
  await expect(pack.locator('vscode-button')).toHaveCount(1);
});

test('a deploy is refused with reasons, rehearsed as its gate asks, goes through, and its chain is proven', async ({
  studio,
  studioCommand,
  targets,
}) => {
  const { page } = studio;
  await targets.describe({ production: { production: true, gate: BUSY } });
  await studio.open();
  const pane = await openDeploy(studio);
  await expect(pane.locator('.section-head').first()).toBeFocused();
  await expect(pane.locator('.environment')).toContainText('REFUSED');
  await expect(pane).toContainText('There is no sealed rehearsal of this Capsule.');
  const deploy = button(pane, 'Deploy to production');
  await expect(deploy).toHaveAttribute('disabled');
  await studio.screenshot('deploy-refused-dark-1400');
  await expectNoAxeViolations(page);

  await button(pane, 'Simulate what this gate needs').click();
  await expect(page.locator('.cell')).toHaveCount(5);
  await expect(page.locator('.run-header')).toContainText('PASS', { timeout: 60_000 });
  await expect(pane.locator('.environment')).toContainText('ALLOWED');
  await studio.screenshot('deploy-allowed-dark-1400');

  await deploy.click();
  await expect(pane.locator('.deploy-outcome')).toContainText('DEPLOYED');
  await expect(pane.locator('.deploy-steps')).toContainText('materialise');
  await expect(pane.locator('.environment')).toContainText('by the ledger: this Capsule');
  await studio.screenshot('deploy-done-dark-1400');
  const capsuleHash = await capsuleOf(studioCommand);
  expect(await targets.active('production')).toBe(capsuleHash);

  await button(pane, 'Show the chain of trust').click();
  await expect(page.locator('.trust-line.proven')).toHaveCount(3);
  await expect(page.locator('.trust-box.proven')).toHaveCount(4);
  await page.locator('.trust-box', { hasText: 'ALLOWED' }).click();
  const rules = page.locator('.trust-details .rules li.is-ok');
  await expect(rules.filter({ hasText: '5 nodes.' })).toHaveCount(1);
  await studio.screenshot('trust-deployed-dark-1400');
  await expectNoAxeViolations(page);
});

for (const [altered, proven] of [
  ['evidence', 1],
  ['manifest', 0],
  ['decision', 2],
] as const) {
  test(`one byte changed in the stored ${altered} makes the chain unproven, and the gate refuse`, async ({
    studio,
    studioCommand,
  }) => {
    const { page } = studio;
    const capsuleHash = await capsuleOf(studioCommand);
    const simId = await passedRun(studioCommand);
    const files = {
      evidence: path.join(studioCommand.folder, '.meshsim/runs', simId, 'result.capsim'),
      manifest: objectFile(studioCommand, capsuleHash),
      decision: objectFile(studioCommand, await decisionOf(studioCommand)),
    };
    await whileAltered(files[altered], async () => {
      await studio.open({ place: { view: 'trust' } });
      await expect(page.locator('.trust-box.unproven').first()).toBeVisible();
      await expect(page.locator('.trust-box.proven')).toHaveCount(proven);
      await expect(page.locator('.trust-line.unproven').first()).toBeVisible();
      const boxes = await page.locator('.trust-box.unproven').count();
      await expect(page.locator('.row.unproven')).toHaveCount(boxes);
      const pane = await openDeploy(studio);
      await expect(pane.locator('.environment')).toContainText('REFUSED');
      await expect(button(pane, 'Deploy to production')).toHaveAttribute('disabled');
      await studio.screenshot(`deploy-altered-${altered}-dark-1400`);
      const order = { environment: 'production', capsuleHash };
      expect((await ask(studioCommand, '/api/deploy', order)).status).toBe(403);
    });
  });
}

test('glass is broken only where the policy lets it, with a reason, and every view shows it in red', async ({
  studio,
  targets,
}) => {
  const { page } = studio;
  await targets.describe({
    production: { production: true, gate: BUSY },
    canary: { production: true, gate: { ...BUSY, minNodes: 9, allowBreakGlass: true } },
  });
  await studio.open();
  const pane = await openDeploy(studio);
  await expect(pane.locator('.break-glass')).toHaveCount(0);
  await pane.locator('.environment', { hasText: 'canary' }).click();
  await expect(pane).toContainText('at least 9 are required');
  await pane.getByText('Break the glass').click();
  const against = button(pane, 'Deploy against the gate');
  await expect(against).toHaveAttribute('disabled');
  await pane.getByRole('textbox', { name: 'Reason' }).fill('the shop is down');
  await studio.screenshot('deploy-glass-dark-1400');
  await expectNoAxeViolations(page);
  await against.click();
  const question = pane.getByRole('alertdialog', { name: 'Break the glass of canary?' });
  await expect(question).toContainText('the shop is down');
  await studio.screenshot('deploy-glass-question-dark-1400');
  await expectNoAxeViolations(page);
  await button(question, 'Keep it whole').click();
  await against.click();
  await button(question, 'Break the glass of canary').click();
  await expect(pane.locator('.deploy-outcome')).toContainText('DEPLOYED');
  await expect(page.locator('.row', { hasText: 'GLASS BROKEN' })).toContainText('the shop is down');
  await page.getByRole('button', { name: 'Trust', exact: true }).click();
  const glass = page.locator('.trust-box.glass');
  await expect(glass).toContainText('GLASS BROKEN');
  await glass.click();
  await expect(page.locator('.trust-details .rules .is-failed')).toContainText('at least 9');
  await studio.screenshot('trust-glass-dark-1400');
  await expectNoAxeViolations(page);
});

test('a deploy is watched step by step, cancelled, and rolled back', async ({
  studio,
  studioCommand,
  targets,
}) => {
  const { page } = studio;
  const hold = path.join(targets.folder, 'hold');
  const target = {
    kind: 'directory',
    path: path.join(targets.folder, 'staging'),
    activate: { run: `echo waiting for the harbour; [ ! -e '${hold}' ] || sleep 300` },
  };
  await targets.describe({ staging: { target } });
  await studio.open();
  const pane = await openDeploy(studio);
  await button(pane, 'Deploy to staging').click();
  await expect(pane.locator('.deploy-outcome')).toContainText('DEPLOYED');
  await expect(pane.locator('.deploy-log')).toContainText('waiting for the harbour');
  await expect(button(pane, 'Roll back')).toHaveCount(0);

  await commitChange(studioCommand, 'web/version.txt', 'next');
  await ask(studioCommand, '/api/capsules', {});
  await expect(packs(page)).toHaveCount(2);
  const next = packs(page).first();
  await next.locator('.row-open').click();
  await next.getByText('Deploy', { exact: true }).click();
  await writeFile(hold, '');
  await button(pane, 'Deploy to staging').click();
  await expect(pane.locator('.deploy-steps')).toContainText('activate');
  await expect(pane.locator('.deploy-log')).toContainText('waiting for the harbour');
  await expect(button(pane, 'Deploy to staging')).toHaveAttribute('disabled');
  await studio.screenshot('deploy-running-dark-1400');
  await page.reload();
  await next.locator('.row-open').click();
  await next.getByText('Deploy', { exact: true }).click();
  await rm(hold);
  await button(pane, 'Cancel').click();
  await expect(pane.locator('.deploy-outcome')).toContainText('CANCELLED');
  await expect(page.locator('.row').first()).toContainText('FAILED');

  await button(pane, 'Deploy to staging').click();
  await expect(pane.locator('.deploy-outcome')).toContainText('DEPLOYED');
  await button(pane, 'Roll back to').click();
  await expect(pane.locator('.deploy-outcome')).toContainText('ROLLED BACK');
  await expect(button(pane, 'Roll back to')).toHaveCount(0);

  await button(pane, 'Deploy to staging').click();
  await expect(pane.locator('.deploy-outcome')).toContainText('DEPLOYED');
  await writeFile(hold, '');
  // Begun elsewhere, as the editor's own command does.
  await ask(studioCommand, '/api/deploy/rollback', { environment: 'staging' });
  await expect(pane.locator('.deploy-steps')).toContainText('activate goes on');
  await rm(hold);
  await button(pane, 'Cancel').click();
  await expect(pane.locator('.deploy-outcome')).toContainText('CANCELLED');
});

test('a broken chain disables Deploy everywhere and says why', async ({
  studio,
  studioCommand,
}) => {
  const { page } = studio;
  const folder = path.join(studioCommand.folder, '.meshsim/ledger/tile/entries/000.p');
  const [bundle = ''] = await readdir(folder);
  await whileAltered(path.join(folder, bundle), async () => {
    await studio.open();
    await packs(page).first().locator('.row-open').click();
    const deploy = packs(page).first().locator('vscode-button', { hasText: 'Deploy' });
    await expect(deploy).toHaveAttribute('disabled');
    await expect(packs(page).last().locator('[aria-label^="Deploy"]')).toBeDisabled();
    await expect(page.locator('.chain')).toContainText('Chain broken');
    await expect(page.locator('.row-note')).toContainText('The chain is broken');
    await studio.screenshot('deploy-broken-dark-1400');
  });
});

test('beside a run the pane stands at the right, and above it where there is less room', async ({
  studio,
  studioCommand,
}) => {
  const { page } = studio;
  const sim = await passedRun(studioCommand);
  for (const width of [1400, 1100, 600]) {
    await studio.open({ width, place: { view: 'run', sim } });
    await expect(page.locator('.run-header')).toContainText('PASS');
    await deployButton(page, width).click();
    const pane = page.locator('.deploy');
    await expect(pane.locator('.environment').first()).toBeVisible();
    await expect(pane.locator('.section-head').first()).toBeInViewport();
    await expect(pane.locator('.section-head').first()).toBeFocused();
    const [paneAt, runAt] = [
      await pane.boundingBox(),
      await page.locator('.run-header').boundingBox(),
    ];
    if (width > 1320) expect(paneAt?.x).toBeGreaterThan(runAt?.x ?? Infinity);
    else expect((runAt?.y ?? 0) - (paneAt?.y ?? 0)).toBeCloseTo(paneAt?.height ?? 0, -1);
    await studio.screenshot(`deploy-run-dark-${width}`);
    await expectNoAxeViolations(page);
  }
});

for (const [theme, width] of LOOKS) {
  test(`the deploy pane and the gates of evidence can be read by everybody in ${theme} at ${width} pixels`, async ({
    studio,
    studioCommand,
    targets,
  }) => {
    const { page } = studio;
    await targets.describe({
      production: { production: true, gate: BUSY },
      canary: { production: true, gate: { minNodes: 9, allowBreakGlass: true } },
      staging: {},
    });
    const sim = await passedRun(studioCommand);
    await studio.open({ theme, width, place: { view: 'evidence', sim } });
    await expect(page.locator('.gate')).toHaveCount(2);
    await expect(page.locator('.gate').first()).toContainText('ALLOWED');
    await page.locator('.gate').first().scrollIntoViewIfNeeded();
    await studio.screenshot(`evidence-gate-${theme}-${width}`);
    await expectNoAxeViolations(page);
    await deployButton(page, width).click();
    const pane = page.locator('.deploy');
    await pane.locator('.environment', { hasText: 'canary' }).click();
    await pane.getByText('Break the glass').click();
    await expect(pane.locator('.section-head').first()).toBeInViewport();
    await studio.screenshot(`deploy-${theme}-${width}`);
    await expectNoAxeViolations(page);
  });
}
