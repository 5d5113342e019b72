import type { Page } from '@playwright/test';
import type { MeshEvent } from '../../../src/model/events.ts';
import { writeTalkingRun } from '../../support/talkingRun.ts';
import { expect, expectNoAxeViolations, overflowing, test, THEMES } from './recordedRuns.ts';

const SENTENCE = 'Service "orders" on n2 ended with code 1 before it was healthy: TypeError.';

/** Has the page believe that a service of a recorded run failed after it had said all this. */
async function failOrders(page: Page, simId: string): Promise<void> {
  await page.route(/\/api\/mesh-sim\/events/, async (route) => {
    const response = await route.fetch();
    const body = await response.text();
    const common = { seq: 1, at: 400, simId, nodeId: 'n2', service: 'orders' };
    const lines = Array.from(
      { length: 25 },
      (_, line) => `    at step${line} (server.mjs:${line})`,
    );
    const events: MeshEvent[] = [
      ...lines.map((text): MeshEvent => ({ ...common, type: 'log', status: 'stderr', text })),
      { ...common, type: 'service', status: 'failed' },
    ];
    const told = events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join('');
    const end = { simId, outcome: 'fail', sentence: SENTENCE };
    const [before = ''] = body.split('event: end');
    const rest = `event: end\ndata: ${JSON.stringify(end)}\n\n`;
    await route.fulfill({ response, body: `${before}${told}${rest}` });
  });
}

for (const theme of THEMES) {
  const widths = { dark: 1400, light: 600, hc: 400, hcl: 1400, none: 400 } as const;
  const width = widths[theme];
  test(`what a service that failed said last can be read by everybody in ${theme}`, async ({
    studio,
    studioCommand,
  }) => {
    const { page } = studio;
    const { simId } = await writeTalkingRun(studioCommand.folder);
    await failOrders(page, simId);
    const height = width === 1400 ? 900 : 1500;
    await studio.open({ theme, width, height, place: { view: 'run', sim: simId } });
    const output = page.locator('.failed-output');
    await expect(output).toContainText('What orders on n2 said last 20 lines');
    await expect(output.locator('pre')).toContainText('at step24');
    await expect(output.locator('pre')).not.toContainText('at step4 ');
    await studio.screenshot(`failed-output-${theme}-${width}`);
    expect(await overflowing(page)).toEqual([]);
    await expectNoAxeViolations(page);
  });
}
