import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test as base, expect, type Page } from '@playwright/test';
import { startStudioCommand, type StudioCommand } from '../../support/studioCommand.ts';
import { Shared } from './shared.ts';

export { expect };

const ROOT = path.join(import.meta.dirname, '../../..');
const AXE = readFileSync(path.join(ROOT, 'node_modules/axe-core/axe.min.js'), 'utf8');
export const SCREENS = path.join(ROOT, 'test/e2e/__screens__');

export type Theme = 'dark' | 'light' | 'hc' | 'hcl' | 'none';

type Look = readonly [Theme, width: number, height: number];

/** In which a view is looked at, with the height of the page: widths decide what is shown, and themes its colours. */
const USUAL: readonly Look[] = [
  ['dark', 1400, 900],
  ['light', 600, 1500],
];
/** Where MESH_SIM_LOOKS is `all`: each of these takes the suite half a minute. */
const OTHERS: readonly Look[] = [
  ['dark', 600, 1500],
  ['dark', 1100, 1300],
  ['hc', 1400, 900],
  ['hcl', 1100, 1300],
  ['none', 600, 1500],
];
export const LOOKS = process.env.MESH_SIM_LOOKS === 'all' ? [...USUAL, ...OTHERS] : USUAL;

/** For tests of what a run leads to: sixty pictures a second of it would only take the machine's time. */
export const STILL = { contextOptions: { reducedMotion: 'reduce' } } as const;

/** Of a fixture that may have to start something; the time is not its test's. */
export const STARTED = { scope: 'test', timeout: 90_000 } as const;

export interface OpenOptions {
  /** `none`: the page chooses by the browser's preference. */
  readonly theme?: Theme;
  /** CSS pixels. */
  readonly width?: number;
  readonly height?: number;
  /** What to show, as the page writes it into its address. */
  readonly place?: Readonly<Record<string, string>>;
}

export interface StudioPage {
  readonly page: Page;
  open(options?: OpenOptions): Promise<void>;
  /** Writes `<name>.png` to `test/e2e/__screens__`. */
  screenshot(name: string): Promise<void>;
}

interface TestFixtures {
  readonly studio: StudioPage;
  /**
   * Tests that add to the workspace say so by a name of their own, and get one that tests which count its entries never see.
   */
  readonly workspaceOf: string;
  readonly studioCommand: StudioCommand;
}

interface WorkerFixtures {
  readonly shared: Shared;
}

/** One server per worker and workspace, over a harbor-pay with a packed Capsule; a page of its own for every test. */
export const test = base.extend<TestFixtures, WorkerFixtures>({
  workspaceOf: ['tests that only read', { option: true }],
  shared: [
    async ({}, use) => {
      execFileSync(process.execPath, ['esbuild.mjs', '--if-stale'], { cwd: ROOT });
      const shared = new Shared();
      await use(shared);
      await shared.dispose();
    },
    { scope: 'worker', timeout: 90_000 },
  ],
  studioCommand: [
    async ({ shared, workspaceOf }, use) => {
      await use(await sharedStudio(shared, `harbor-pay: ${workspaceOf}`, startStudioCommand));
    },
    STARTED,
  ],
  studio: async ({ page, studioCommand }, use) => {
    await use({
      page,
      open: async ({ theme = 'dark', width = 1400, height = 900, place = {} } = {}) => {
        await page.setViewportSize({ width, height });
        await page.goto(addressWith(studioCommand.url, theme, place));
      },
      screenshot: async (name) => {
        await page.screenshot({ path: path.join(SCREENS, `${name}.png`) });
      },
    });
  },
});

export function sharedStudio(
  shared: Shared,
  name: string,
  start: () => Promise<StudioCommand>,
): Promise<StudioCommand> {
  return shared.of(name, start, (command) => command.stop());
}

function addressWith(
  printed: string,
  theme: Theme,
  place: Readonly<Record<string, string>>,
): string {
  const url = new URL(printed);
  if (theme === 'none') url.searchParams.delete('theme');
  else url.searchParams.set('theme', theme);
  const fragment = new URLSearchParams(url.hash.slice(1));
  for (const [name, value] of Object.entries(place)) fragment.set(name, value);
  url.hash = fragment.toString();
  return url.href;
}

/** Runs axe-core's default rules over the whole page. What passes is not described: it would cost more than the rules do. */
export async function expectNoAxeViolations(page: Page): Promise<void> {
  // To compile it takes a page half a second, so a page that has it keeps it.
  if (!(await page.evaluate<boolean>("'axe' in globalThis"))) await page.evaluate(`${AXE};0`);
  const { violations } = await page.evaluate<{ violations: { id: string; nodes: unknown[] }[] }>(
    "axe.run({ resultTypes: ['violations'] })",
  );
  const found = violations.map(({ id, nodes }) => `${id}: ${JSON.stringify(nodes)}`);
  expect(found).toEqual([]);
}
