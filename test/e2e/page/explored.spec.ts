import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { CheckedExploration, Exploration } from '../../../src/model/explorationApi.ts';
import { replaceFile } from '../../../src/base/replaceFile.ts';
import type { StudioCommand } from '../../support/studioCommand.ts';
import { callsTo } from './studioCalls.ts';
import {
  expect,
  expectNoAxeViolations,
  LOOKS,
  sharedStudio,
  STARTED,
  test as base,
} from './studioPage.ts';
import { startStudioOnTwoVersions } from './upgradedRun.ts';

const ID = '0b6f0a52-0000-4000-8000-000000000000';
/** n1 is killed in the upgrade of the last one, and stays down. */
const SEEDS = [609, 610, 611];

/** Three runs of one plan in virtual time, which take no processes, and the record that an exploration would have left of them. */
const test = base.extend<{ readonly explored: Exploration }>({
  studioCommand: [
    async ({ shared }, use) => {
      await use(await sharedStudio(shared, 'seeds that were explored', startStudioOnTwoVersions));
    },
    STARTED,
  ],
  explored: [
    async ({ shared, studioCommand }, use) => {
      const explore = () => exploredIn(studioCommand);
      await use(await shared.of('an exploration', explore));
    },
    STARTED,
  ],
});

const fileIn = ({ folder }: StudioCommand) =>
  path.join(folder, '.meshsim/explorations', `${ID}.json`);

async function exploredIn(studio: StudioCommand): Promise<Exploration> {
  const call = callsTo(studio.url);
  const { capsules } = await call<{ capsules: { capsuleHash: string }[] }>('/api/capsules');
  const [capsuleHash = '', from = ''] = capsules.map((one) => one.capsuleHash);
  const strategy = { kind: 'rolling', batch: 1, pauseMs: 50 };
  const slow = { when: { wave: 1 }, do: { slow: 'n2', factor: 2 } };
  const kill = { when: { wave: 2 }, do: { kill: 'n1' } };
  const simIds: string[] = [];
  for (const seed of SEEDS) {
    const request = {
      ...{ capsuleHash, world: 'virtual', seed, params: { nodes: 3, latencyMs: [5, 20] } },
      upgrade: { from, strategy, rollback: 'seeded', workloadMs: 100 },
      chaos: { faults: seed === SEEDS.at(-1) ? [slow, kill] : [slow] },
    };
    const body = JSON.stringify(request);
    const { simId } = await call<{ simId: string }>('/api/mesh-sim/start', body);
    await call('/api/mesh-sim/record', JSON.stringify({ simId }));
    simIds.push(simId);
  }
  const claims = SEEDS.map((seed, at) => ({
    ...{ seed, simId: simIds[at] ?? '', outcome: 'pass' as const, faults: [] },
  }));
  const record: Exploration = {
    ...{ v: 1, note: 'made for a test', id: ID, startedAt: '2026-01-05T08:00:00.000Z' },
    ...{ capsuleHash, from, asked: 20, runs: claims },
    shrinking: { runs: 12, end: 'smallest', plan: 'explored-way-back-611.meshplan.json' },
    endedAt: '2026-01-05T09:00:00.000Z',
  };
  await mkdir(path.dirname(fileIn(studio)), { recursive: true });
  await writeFile(fileIn(studio), JSON.stringify(record));
  // What evidence says is what a genuine record says.
  const { seeds } = await call<CheckedExploration>(`/api/explorations/${ID}`);
  return { ...record, runs: claims.map((one, at) => ({ ...one, ...seeds[at]?.facts })) };
}

for (const [theme, width, height] of LOOKS) {
  test(`the seeds of an exploration are a table that opens each run in ${theme} at ${width} pixels`, async ({
    studio,
    studioCommand,
    explored,
  }) => {
    const { page } = studio;
    const [first, , failed] = explored.runs;
    const write = (record: object) => replaceFile(fileIn(studioCommand), JSON.stringify(record));
    const { endedAt, shrinking, ...begun } = explored;
    await write({ ...begun, runs: explored.runs.slice(0, 1) });
    await studio.open({ theme, width, height, place: { view: 'evidence', sim: first!.simId } });
    const section = page.getByRole('region', { name: 'Explored seeds' });
    const rows = section.getByRole('row').filter({ has: page.getByRole('button') });
    await expect(section).toContainText('1 of 20 seeds, 1 passed');
    await expect(section).toContainText('No end is recorded');
    await expect(rows).toHaveCount(1);

    await write({ ...begun, endedAt, shrinking });
    await expect(rows).toHaveCount(3);
    await expect(section).toContainText('3 of 20 seeds, 2 passed, 1 failed');
    await expect(section).toContainText('Plan saved as explored-way-back-611.meshplan.json.');
    await expect(rows.nth(0)).toHaveAttribute('aria-current', 'true');
    await expect(rows.nth(0)).toContainText(first!.order ?? 'no order');
    await expect(rows.nth(2)).toContainText(`FAIL by ${failed!.invariant}`);
    await expect(rows.nth(2)).toContainText('slow n2, kill n1');
    await section.scrollIntoViewIfNeeded();
    await studio.screenshot(`explored-${theme}-${width}`);
    await expectNoAxeViolations(page);

    await rows.nth(0).getByRole('button').focus();
    await page.keyboard.press('End');
    await expect(rows.nth(2).getByRole('button')).toBeFocused();
    await page.keyboard.press('Enter');
    await expect(page.locator('.stamp')).toContainText('FAIL');
    await expect(rows.nth(2)).toHaveAttribute('aria-current', 'true');
    if (width > 980) {
      const entry = page.locator('.entries .row[aria-current="true"]');
      await expect(entry).toContainText('Explored, seed 3 of 20');
    }

    await write({ ...begun, runs: [{ ...failed, outcome: 'pass' }] });
    await expect(section).toContainText(
      'Seed 611: The record says another outcome than the sealed evidence.',
    );
    await expect(rows).toHaveCount(1);
    await expect(rows.nth(0)).toContainText('FAIL');
    await studio.screenshot(`explored-altered-${theme}-${width}`);
  });
}
