import { cp, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Browser } from '@playwright/test';
import { createCommandLine, type CommandLine } from '../../support/commandLine.ts';
import { serverFolder, startServer, type VscodeServer } from '../../support/vscodeServer/server.ts';
import type { Trust } from '../../support/vscodeServer/settings.ts';
import { ensureInstalled, INSTALLED_EXTENSIONS } from './installedExtension.ts';
import { StudioWindow } from './studioWindow.ts';

/** Of one click or wait, on a machine that does much else. */
const ACTION_MS = 40_000;

export interface WindowOptions {
  readonly width?: number;
  readonly height?: number;
}

/** VS Code with the packaged extension installed, as its users have it, and keys of its own. */
export interface Editor {
  /** The two commands with the keys the extension signs with. */
  readonly commandLine: CommandLine;
  /** Opens a folder in a browser context of its own; resolves when the extension is active. */
  open(browser: Browser, folder: string, options?: WindowOptions): Promise<StudioWindow>;
  /** Ends it; returns ids of processes that had outlived it. */
  stop(): Promise<number[]>;
}

export async function startEditor(
  trust: Trust,
  settings: Readonly<Record<string, unknown>> = {},
): Promise<Editor> {
  const folder = await serverFolder();
  await ensureInstalled();
  await cp(INSTALLED_EXTENSIONS, path.join(folder, 'extensions'), { recursive: true });
  const commandLine = await createCommandLine();
  const server = await startServer({
    folder,
    trust,
    audience: 'people',
    environment: { HOME: folder, MESH_SIM_CONFIG: commandLine.configFolder },
    settings: {
      'meshSim.simulation.nodes': 2,
      'meshSim.simulation.deadlineMs': 600_000,
      ...settings,
    },
  });
  return {
    commandLine,
    open: (browser, workspace, options) => openWindow(server, browser, workspace, options),
    stop: async () => {
      const left = await server.stop();
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
      await rm(path.dirname(commandLine.configFolder), { recursive: true, force: true });
      return left;
    },
  };
}

async function openWindow(
  { port }: VscodeServer,
  browser: Browser,
  workspace: string,
  { width = 1400, height = 900 }: WindowOptions = {},
): Promise<StudioWindow> {
  // The page's own tests see it move; here sixty pictures a second of a run would only take the machine's time.
  const context = await browser.newContext({
    viewport: { width, height },
    reducedMotion: 'reduce',
  });
  context.setDefaultTimeout(ACTION_MS);
  const page = await context.newPage();
  // "localhost" makes every page on 127.0.0.1 cross-site, as it is in a desktop editor.
  const address = new URL(`http://localhost:${port}/`);
  address.searchParams.set('folder', workspace);
  await page.goto(address.href, { waitUntil: 'commit' });
  const window = new StudioWindow(page);
  await window.showProvenance();
  return window;
}
