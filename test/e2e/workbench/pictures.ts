import type { StudioWindow } from './studioWindow.ts';
import { expect } from './workbench.ts';

/** Each view, and something that it shows once it has what it asked for. */
const CONTENTS = { Run: '.heatmap tbody td', Evidence: '.stamp', Trust: '.trust-box' } as const;

type View = keyof typeof CONTENTS;

const VIEWS = Object.keys(CONTENTS) as View[];

type ThemeViews = readonly [name: string, theme: string, views: readonly View[]];

/** The page's own tests look at its views in these where MESH_SIM_LOOKS is `all`; here only the editor's switch is of interest. */
const CONTRASTS: readonly ThemeViews[] = [
  ['hc', 'Dark High Contrast', ['Evidence']],
  ['hcl', 'Light High Contrast', ['Trust']],
];
/** What each theme is seen in: its colours are those of all views. */
const THEMES: readonly ThemeViews[] = [
  ['light', 'Light Modern', ['Run']],
  ...(process.env.MESH_SIM_LOOKS === 'all' ? CONTRASTS : []),
  // The last one stays for the windows of other tests.
  ['dark', 'Dark Modern', VIEWS],
];

/** What is drawn on canvas follows the document by a frame. */
const TWO_FRAMES =
  'new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))';

/** Writes `workbench-<view>-<name>.png` of views of the Studio that is open. */
async function pictureViews(
  window: StudioWindow,
  name: string,
  views: readonly View[],
): Promise<void> {
  for (const view of views) {
    const studio = await window.studioFrame();
    await studio.getByRole('button', { name: view, exact: true }).click();
    await expect(studio.locator(CONTENTS[view]).first()).toBeVisible();
    await studio.evaluate(TWO_FRAMES);
    await window.screenshot(`workbench-${view.toLowerCase()}-${name}`);
  }
}

/** Pictures the Studio that is open in every theme, and side by side with a file. */
export async function pictureStudio(window: StudioWindow): Promise<void> {
  for (const [name, theme, views] of THEMES) {
    await window.runCommand('Preferences: Color Theme');
    await window.pick(theme);
    await pictureViews(window, name, views);
  }
  await window.openFile('mesh.services.json');
  await window.runCommand('View: Move Editor into Left Group');
  await window.studioFrame();
  await pictureViews(window, 'narrow', VIEWS);
}
