import { defineConfig } from '@playwright/test';
import { chromiumLaunch } from '../support/chromium.ts';
import '../support/keepCompiledCode.ts';

/**
 * Waits are on events, so the limits cost a fast machine nothing; a loaded one is several times slower, and some wait for a
 * whole run of five nodes. Each worker has an editor, windows and workspaces of its own.
 */
export default defineConfig({
  outputDir: './__results__',
  workers: 2,
  retries: 0,
  timeout: 240_000,
  expect: { timeout: 60_000, toPass: { timeout: 60_000 } },
  forbidOnly: true,
  reporter: [['list']],
  use: { launchOptions: chromiumLaunch(), screenshot: 'only-on-failure' },
  projects: [
    { name: 'recorded', testDir: './page', testMatch: 'recordRuns.setup.ts' },
    { name: 'page', testDir: './page', dependencies: ['recorded'] },
    { name: 'workbench', testDir: './workbench', timeout: 360_000 },
  ],
});
