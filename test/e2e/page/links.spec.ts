import type { Page } from '@playwright/test';
import type { WorkspaceState } from '../../../src/model/api.ts';
import { writeTalkingRun } from '../../support/talkingRun.ts';
import { expect, expectNoAxeViolations, overflowing, test, USUAL_THEMES } from './recordedRuns.ts';

const SERVICES = ['payments', 'orders', 'gateway'];
const ADDRESS = 'http://127.0.0.1:40123/';

/** Has the page believe that the nodes of a recorded run are held up: how they are is a test of the API. */
async function holdUp(page: Page, simId: string): Promise<{ readonly asked: string[] }> {
  const asked: string[] = [];
  let isHeld = true;
  await page.route(/\/api\/workspace$/, async (route) => {
    const response = await route.fetch();
    const state = (await response.json()) as WorkspaceState;
    await route.fulfill({ response, json: isHeld ? { ...state, held: simId } : state });
  });
  await page.route(new RegExp(`/${simId}/(links|end)$`), async (route) => {
    const request = route.request();
    if (request.method() === 'GET') {
      const links = ['n0', 'n1', 'n2', 'n3', 'n4'].flatMap((nodeId) =>
        SERVICES.map((service) => ({ service, port: 'http', nodeId, isUp: nodeId !== 'n3' })),
      );
      await route.fulfill({ json: { simId, isHeld: true, links } });
      return;
    }
    const isEnd = request.url().endsWith('/end');
    asked.push(isEnd ? 'end' : (request.postData() ?? ''));
    isHeld &&= !isEnd;
    const target = isEnd ? {} : (request.postDataJSON() as object);
    await route.fulfill({ json: { ...target, address: ADDRESS } });
  });
  return { asked };
}

test('services of a run that is held up are opened from its view, and it is ended there', async ({
  studio,
  studioCommand,
}) => {
  const { page } = studio;
  const { simId } = await writeTalkingRun(studioCommand.folder);
  const { asked } = await holdUp(page, simId);
  await page.context().route(ADDRESS, (route) => route.fulfill({ body: 'the gateway' }));
  await studio.open({ place: { view: 'run', sim: simId } });
  const links = page.getByRole('region', { name: 'Services to look at' });
  await expect(links).toContainText('Held up');
  await expect(links.getByRole('button', { name: /gateway/ })).toBeEnabled();
  await expect(page.getByText('End the run that is held up first.')).toBeVisible();

  await page.getByRole('button', { name: /^n3, / }).first().click();
  await expect(links.getByRole('button', { name: /gateway/ })).toBeDisabled();
  await links.getByRole('combobox').selectOption('n1');
  const opened = page.waitForEvent('popup');
  await links.getByRole('button', { name: /gateway/ }).click();
  await expect((await opened).locator('body')).toHaveText('the gateway');
  expect(asked).toEqual([JSON.stringify({ service: 'gateway', port: 'http', nodeId: 'n1' })]);

  await links.getByRole('button', { name: 'End run' }).click();
  await expect.poll(() => asked.at(-1)).toBe('end');
  await page.reload();
  await expect(page.locator('.run-header')).toBeVisible();
  await expect(links).toHaveCount(0);
});

for (const theme of USUAL_THEMES) {
  const [width, height] = theme === 'dark' || theme === 'light' ? [1400, 900] : [400, 1500];
  test(`a run that is held up can be read by everybody in ${theme}`, async ({
    studio,
    studioCommand,
  }) => {
    const { page } = studio;
    const { simId } = await writeTalkingRun(studioCommand.folder);
    await holdUp(page, simId);
    await studio.open({ theme, width, height, place: { view: 'run', sim: simId } });
    await expect(page.getByRole('region', { name: 'Services to look at' })).toContainText('orders');
    await studio.screenshot(`held-${theme}-${width}`);
    expect(await overflowing(page)).toEqual([]);
    await expectNoAxeViolations(page);
  });
}

for (const width of [1400, 400] as const) {
  test(`faults that the machine cannot apply are named beside the form at ${width} pixels`, async ({
    studio,
  }) => {
    const { page } = studio;
    const lacks = { network: 'it takes unshare and nsenter of util-linux, and ip of iproute2' };
    await page.route(/\/api\/machine$/, (route) => route.fulfill({ json: { lacks } }));
    await studio.open({ theme: 'light', width });
    if (width === 400) await page.getByTitle('Change the parameters').click();
    const told = page.getByRole('status', { name: 'Faults without effect' });
    await expect(told).toHaveText('');
    await page.getByRole('button', { name: 'Edit as JSON' }).click();
    const dns = { when: { atMs: 10 }, do: { dns: { nodes: ['n1'], mode: 'fail' }, forMs: 900 } };
    const json = page.getByRole('textbox', { name: 'Parameters as JSON' });
    await json.fill(JSON.stringify({ params: { nodes: 3 }, chaos: { faults: [dns] } }));
    await expect(told).toContainText('Fault 0 (dns) cannot be applied, since nodes get no network');
    await page.getByRole('button', { name: 'Edit as JSON' }).click();
    await expect(told).toContainText(lacks.network);
    await told.scrollIntoViewIfNeeded();
    await studio.screenshot(`beyond-machine-light-${width}`);
    await expectNoAxeViolations(page);
  });
}
