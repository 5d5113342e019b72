import { recordRehearsal } from '../../support/recordedRehearsal.ts';
import {
  button,
  capsuleOf,
  expect,
  expectNoAxeViolations,
  openDeploy,
  test,
} from './deployWorkspace.ts';

test.use({ workspaceOf: 'the strict gate' });

test('production without a gate of its own allows a rehearsal that kept its timing, and refuses one that did not', async ({
  studio,
  studioCommand,
  targets,
}) => {
  const { page } = studio;
  await targets.describe({ production: { production: true } });
  const capsuleHash = await capsuleOf(studioCommand);
  await recordRehearsal(studioCommand, capsuleHash);
  await studio.open();
  const pane = await openDeploy(studio);
  await expect(pane.locator('.environment')).toContainText('ALLOWED');
  await studio.screenshot('deploy-strict-allowed-dark-1400');
  await expectNoAxeViolations(page);
  await button(pane, 'Deploy to production').click();
  await expect(pane.locator('.deploy-outcome')).toContainText('DEPLOYED');
  expect(await targets.active('production')).toBe(capsuleHash);

  await recordRehearsal(studioCommand, capsuleHash, { degraded: true });
  await studio.open();
  const refused = await openDeploy(studio);
  await expect(refused.locator('.environment')).toContainText('REFUSED');
  await expect(refused.locator('.is-failed')).toHaveText(/timing missed the budget/);
  await expect(refused).toContainText('5 nodes, 80 to 200 ms, 1 % loss, chaos crash-mid-deploy');
});
