import { expect, test } from './workbench.ts';

const THEMES = [
  ['light', 'Light Modern'],
  ['hc', 'Dark High Contrast'],
  ['hcl', 'Light High Contrast'],
  // The last one stays for the windows of other tests.
  ['dark', 'Dark Modern'],
] as const;

/** Each view, and something that it shows once it has what it asked for. */
const VIEWS = [
  ['Run', '.heatmap tbody td'],
  ['Evidence', '.stamp'],
  ['Trust', '.trust-box'],
] as const;

/** What is drawn on canvas follows the document by a frame. */
const TWO_FRAMES =
  'new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))';

test('every view of the Studio is pictured in every theme, and side by side with a file', async ({
  window,
}) => {
  test.slow();
  await window.pack();
  await window.simulate('crash-mid-deploy');
  await expect(window.rows('PASS')).toHaveCount(1, { timeout: 60_000 });
  await window.runCommand('Notifications: Clear All Notifications');
  const pictureViews = async (name: string): Promise<void> => {
    for (const [view, content] of VIEWS) {
      const studio = await window.studioFrame();
      await studio.getByRole('button', { name: view, exact: true }).click();
      await expect(studio.locator(content).first()).toBeVisible();
      await studio.evaluate(TWO_FRAMES);
      await window.screenshot(`workbench-${view.toLowerCase()}-${name}`);
    }
  };
  for (const [name, theme] of THEMES) {
    await window.runCommand('Preferences: Color Theme');
    await window.pick(theme);
    await pictureViews(name);
  }
  await window.openFile('mesh.services.json');
  await window.runCommand('View: Move Editor into Left Group');
  await window.studioFrame();
  await pictureViews('narrow');
});
