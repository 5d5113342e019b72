import type { Page } from '@playwright/test';
import { expect, test } from './recordedRuns.ts';
import { expectNoAxeViolations, LOOKS } from './studioPage.ts';

test.use({ workspaceOf: 'the next run' });

/** What the flag says is in the pixels of a canvas alone. */
const NOTE_FLAG = `
  const { fillText } = CanvasRenderingContext2D.prototype;
  CanvasRenderingContext2D.prototype.fillText = function (text, ...where) {
    if (/^\\d+\\.\\d{3} s$/.test(text)) document.body.dataset.flag = text;
    fillText.call(this, text, ...where);
  };`;

/** The time beside the lanes and that of the flag, when all changes of a frame are made and before it is painted. */
const NOTE_FRAMES = `new Promise((resolve) => {
  const told = [];
  const time = document.querySelector('.transport .time strong');
  const observer = new MutationObserver(() => {
    told.push([time.textContent, document.body.dataset.flag]);
    if (told.length < 20) return;
    observer.disconnect();
    resolve(told);
  });
  observer.observe(time, { subtree: true, childList: true, characterData: true });
})`;

const SIMULATE = '.panel vscode-button, .run-bar vscode-button';

test('Simulate Mesh is in reach of a page of any width, and its parameters one press away', async ({
  studio,
  runs,
}) => {
  const { page } = studio;
  await studio.open({ place: { view: 'run', sim: runs.passed } });
  await expect(page.locator('.run-header')).toContainText('PASS');
  const simulate = page.locator(SIMULATE).filter({ visible: true });
  for (const width of [1400, 1000, 600]) {
    await page.setViewportSize({ width, height: 900 });
    await expect(simulate).toHaveCount(1);
    await expect(simulate).toBeInViewport({ ratio: 1 });
  }
  await page.getByTitle('Change the parameters').click();
  await expect(page.getByRole('slider', { name: 'Nodes' })).toBeInViewport({ ratio: 1 });
});

const IDLE = {
  params: { nodes: 5, latencyMs: [0, 0] },
  chaos: {
    faults: [
      { when: { atMs: 500 }, do: { slow: 'n2', factor: 1 } },
      { when: { atMs: 900 }, do: { kill: 'n1', restartAfterMs: 300 } },
      { when: { atMs: 90_000 }, do: { kill: 'n3', restartAfterMs: 300 } },
    ],
  },
};

for (const [theme, width] of LOOKS) {
  test(`faults without effect are named beside form and JSON in ${theme} at ${width} pixels`, async ({
    studio,
    runs,
  }) => {
    const { page } = studio;
    await studio.open({ theme, width, place: { view: 'run', sim: runs.passed } });
    await expect(page.locator('.run-header')).toContainText('PASS');
    if (width === 600) await page.getByTitle('Change the parameters').click();
    const idle = page.getByRole('status', { name: 'Faults without effect' });
    await expect(idle).toHaveText('');
    await page.getByRole('button', { name: 'Edit as JSON' }).click();
    await page.getByRole('textbox', { name: 'Parameters as JSON' }).fill(JSON.stringify(IDLE));
    await expect(idle.locator('p')).toHaveText([
      'Fault 0 slows n2 by a factor of 1: it has no effect and does not count as chaos.',
      /^Fault 2 is due at 90000 ms, but the plan's deadline is 60000 ms/,
    ]);
    await studio.screenshot(`idle-json-${theme}-${width}`);
    await page.getByRole('button', { name: 'Edit as JSON' }).click();
    await expect(idle.locator('p')).toHaveCount(2);
    await idle.scrollIntoViewIfNeeded();
    await studio.screenshot(`idle-form-${theme}-${width}`);
    await expectNoAxeViolations(page);
  });
}

/** The next run has two nodes, and nothing happens to them. */
async function chooseSmallRun(page: Page): Promise<void> {
  await expect(page.locator('.provenance .row').first()).toBeVisible();
  await page.getByRole('slider', { name: 'Nodes' }).fill('2');
}

async function stopRun(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Stop' }).click();
  await expect(page.getByRole('button', { name: 'Stop' })).toHaveCount(0);
}

for (const view of ['Evidence', 'Trust'] as const) {
  test(`the shortcut starts the next run from the ${view} view`, async ({ studio, runs }) => {
    const { page } = studio;
    await studio.open({ place: { view: 'run', sim: runs.passed } });
    await chooseSmallRun(page);
    await page.getByRole('navigation', { name: 'Views' }).getByText(view).click();
    await expect(page.locator('.run-header')).toHaveCount(0);
    await page.keyboard.press('Control+Enter');
    await expect(page.locator('.run-header')).toContainText('running');
    await stopRun(page);
  });
}

test('the flag over the lanes and the transport tell the same instant in every frame', async ({
  studio,
}) => {
  const { page } = studio;
  await page.addInitScript(NOTE_FLAG);
  await studio.open();
  await chooseSmallRun(page);
  await page.keyboard.press('Control+Enter');
  await expect(page.locator('.transport .time')).toContainText('live');
  const told = await page.evaluate<[string, string][]>(NOTE_FRAMES);
  for (const [transport, flag] of told) expect(flag).toBe(transport);
  await stopRun(page);
});
