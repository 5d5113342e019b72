import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { chromium, type CDPSession, type Page } from 'playwright-core';
import { createApi } from '../../src/api/app.ts';
import { serveLoopback } from '../../src/api/loopback.ts';
import { Studio } from '../../src/studio/studio.ts';
import { chromiumLaunch } from '../support/chromium.ts';
import { workspaceIn } from '../support/workspace.ts';
import { SYNTHETIC_ID, type SyntheticRun } from './syntheticRun.ts';

/** What the page went through, in ms. */
export interface PageCost {
  /** From one animation frame to the next. */
  readonly frames: readonly number[];
  /** Stretches in which the page answered nothing (longtask of the Performance API: over 50 ms). */
  readonly longTasks: readonly number[];
  /** From an input to the frame that shows its effect. */
  readonly inputs: readonly number[];
}

export interface WatchedPage {
  readonly page: Page;
  /** Forgets what was measured so far. */
  restart(): Promise<void>;
  cost(): Promise<PageCost>;
  /** MiB in use after a collection. */
  heapMiB(): Promise<number>;
  /** CPU time of the page's main thread since it was opened, ms: what other programs on the machine take does not count. */
  cpuMs(): Promise<number>;
  close(): Promise<void>;
}

/** Runs in the page. Inputs count from the time the browser stamped them with. */
const WATCH = `
globalThis.cost = { frames: [], longTasks: [], inputs: [] };
let last = performance.now();
requestAnimationFrame(function frame(now) {
  cost.frames.push(now - last);
  last = now;
  requestAnimationFrame(frame);
});
new PerformanceObserver((list) => {
  for (const { duration } of list.getEntries()) cost.longTasks.push(duration);
}).observe({ type: 'longtask' });
addEventListener('pointerdown', ({ timeStamp }) => {
  // The second callback runs after the frame of the first was painted.
  requestAnimationFrame(() => requestAnimationFrame((now) => cost.inputs.push(now - timeStamp)));
});
`;

/** The real page in a real Chromium, on the real API over loopback, showing a run that is fed by the test. */
export async function openWatchedPage(
  run: SyntheticRun,
  { dist, scratch }: { readonly dist: string; readonly scratch: string },
): Promise<WatchedPage> {
  const folder = path.join(scratch, 'workspace');
  await mkdir(folder, { recursive: true });
  const studio = new Studio(await workspaceIn(folder));
  studio.simulations.events = () => Promise.resolve(run.buffer);
  const server = await serveLoopback(createApi(studio, { refusal: () => undefined }), {
    pageFolder: path.join(dist, 'page'),
  });
  const browser = await chromium.launch(chromiumLaunch());
  const close = async (): Promise<void> => {
    await browser.close();
    await server.close();
    await studio.dispose();
  };
  const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
  try {
    await showRun(page, server.url);
  } catch (error) {
    await close();
    throw error;
  }
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  return {
    page,
    restart: () => page.evaluate('void Object.values(cost).forEach((all) => (all.length = 0))'),
    cost: () => page.evaluate<PageCost>('cost'),
    heapMiB: () => heapMiB(session),
    cpuMs: () => cpuMs(session),
    close,
  };
}

/** The page learns from its HTML which run to show, as in the editor. */
async function showRun(page: Page, url: string): Promise<void> {
  await page.addInitScript({ content: WATCH });
  await page.route(
    ({ pathname }) => pathname === '/',
    async (route) => {
      const response = await route.fetch();
      const boot = { door: 'http', view: 'run', simId: SYNTHETIC_ID };
      const attribute = `data-boot="${JSON.stringify(boot).replaceAll('"', '&#34;')}"`;
      const body = (await response.text()).replace(/data-boot="[^"]*"/, attribute);
      await route.fulfill({ response, body });
    },
  );
  await page.goto(url);
  await page.locator('.run-header').waitFor();
}

async function cpuMs(session: CDPSession): Promise<number> {
  const { metrics } = await session.send('Performance.getMetrics');
  return 1_000 * (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? NaN);
}

async function heapMiB(session: CDPSession): Promise<number> {
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  return usedSize / 2 ** 20;
}
