import { expect, test } from './recordedRuns.ts';

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

for (const view of ['evidence', 'trust'] as const) {
  test(`the shortcut starts the next run from the ${view} view`, async ({ studio, runs }) => {
    const { page } = studio;
    await studio.open({ place: { view, sim: runs.passed } });
    await expect(page.locator('.provenance .row').first()).toBeVisible();
    await page.keyboard.press('Control+Enter');
    await expect(page.locator('.run-header')).toContainText('running');
    await expect(page.locator('.run-header')).toContainText('PASS');
  });
}

test('the flag over the lanes and the transport tell the same instant in every frame', async ({
  studio,
  runs,
}) => {
  const { page } = studio;
  expect(runs.passed).toBeTruthy();
  await page.addInitScript(NOTE_FLAG);
  await studio.open();
  await expect(page.locator('.provenance .row').first()).toBeVisible();
  await page.keyboard.press('Control+Enter');
  await expect(page.locator('.transport .time')).toContainText('live');
  const told = await page.evaluate<[string, string][]>(NOTE_FRAMES);
  for (const [transport, flag] of told) expect(flag).toBe(transport);
  await expect(page.locator('.run-header')).toContainText('PASS');
});
