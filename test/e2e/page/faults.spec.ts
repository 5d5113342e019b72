import { writeTalkingRun } from '../../support/talkingRun.ts';
import { expect, expectNoAxeViolations, overflowing, test } from './recordedRuns.ts';

/** An instant at which names fail on n0 and n1, and services of n1, n2 and n4 are struck as well. */
const STRUCK_MS = 3_200;

for (const [theme, width, height] of [
  ['dark', 1400, 900],
  ['hc', 600, 1500],
  ['light', 400, 1500],
] as const) {
  test(`what faults do to services is seen on lanes and ring in ${theme}, ${width} pixels wide`, async ({
    studio,
    studioCommand,
  }) => {
    const { page } = studio;
    const { simId } = await writeTalkingRun(studioCommand.folder);
    await studio.open({
      theme,
      width,
      height,
      place: { view: 'run', sim: simId, t: String(STRUCK_MS) },
    });
    const ring = page.getByRole('group', { name: 'Nodes of the mesh' });
    await expect(
      ring.getByRole('button', { name: 'n1, orders paused, no names, runs orders, gateway' }),
    ).toBeVisible();
    await expect(ring.locator('.badge-mark.is-fault')).toHaveCount(4);
    const lanes = page.getByRole('list', { name: 'Nodes', exact: true });
    await expect(lanes.getByRole('button', { name: /^n4/ })).toContainText('disk full');
    await studio.screenshot(`faults-${theme}-${width}`);
    expect(await overflowing(page)).toEqual([]);
    await expectNoAxeViolations(page);
  });
}
