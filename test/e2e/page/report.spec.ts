import { expect, test } from '@playwright/test';
import { htmlReport } from '../../../src/reports/htmlReport.ts';
import { reportedEvidence } from '../../support/reportedEvidence.ts';
import { expectNoAxeViolations } from './studioPage.ts';

const page = htmlReport(
  reportedEvidence({
    nodes: 3,
    outcome: 'fail',
    plan: { params: { nodes: 3, latencyMs: [40, 180] } },
  }),
);

for (const colorScheme of ['light', 'dark'] as const) {
  test(`the report of a run is accessible and needs nothing else, ${colorScheme}`, async ({
    browser,
  }) => {
    const context = await browser.newContext({ colorScheme, offline: true, bypassCSP: false });
    const tab = await context.newPage();
    const problems: string[] = [];
    tab.on('console', (message) => problems.push(message.text()));
    await tab.setContent(page);
    await expect(tab.getByRole('heading', { level: 1 })).toHaveText(/^Rehearsal /);
    // The style is the one its policy names: without it the heading would have another size.
    await expect(tab.getByRole('heading', { level: 1 })).toHaveCSS('font-size', '24px');
    await expectNoAxeViolations(tab);
    expect(problems).toEqual([]);
    await context.close();
  });
}
