import { once } from 'node:events';
import path from 'node:path';
import { chromium, type Page } from 'playwright-core';
import { chromiumLaunch } from '../../support/chromium.ts';
import { startServer } from '../../support/vscodeServer/server.ts';
import type { Edition } from '../../support/vscodeServer/versions.ts';
import type { HostWindow } from './window.ts';

const EXTENSION = path.join(import.meta.dirname, '../../..');

/**
 * Runs the suite in the extension host of an edition of VS Code's server, with a headless browser as its window. Resolves when the
 * suite has ended. Throws an Error that says why it did not, or which processes it left.
 */
export async function runOnServer(edition: Edition, window: HostWindow): Promise<void> {
  const { folder, trust, environment, signal } = window;
  const server = await startServer({ folder, trust, audience: 'tests', edition, environment });
  let outlivers: number[] = [];
  try {
    const browser = await chromium.launch(chromiumLaunch());
    try {
      const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
      const suiteEnd = endOfSuite(page);
      suiteEnd.catch(() => undefined);
      await page.exposeFunction('codeAutomationLog', () => undefined);
      await page.goto(addressOf(window, server.port), { waitUntil: 'commit' });
      await Promise.race([suiteEnd, server.ended, aborted(signal)]);
    } finally {
      await browser.close();
    }
  } finally {
    outlivers = await server.stop();
  }
  if (outlivers.length > 0)
    throw new Error(`Processes ${outlivers.join(', ')} outlived the editor; they were ended.`);
}

/** The payload route of VS Code's own smoke tests: the window loads the extension and the suite from their folders. */
function addressOf({ workspace, suite }: HostWindow, port: number): string {
  const authority = `127.0.0.1:${port}`;
  const payload = [
    ['extensionDevelopmentPath', `vscode-remote://${authority}${EXTENSION}`],
    ['extensionTestsPath', `vscode-remote://${authority}${suite}`],
    ['skipWelcome', 'true'],
  ];
  const query = new URLSearchParams({ folder: workspace, payload: JSON.stringify(payload) });
  return `http://${authority}/?${query.toString()}`;
}

async function endOfSuite(page: Page): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    void page.exposeFunction('codeAutomationExit', () => resolve());
    page.on('crash', () => reject(new Error("The window's browser page crashed.")));
    page.on('console', (message) => {
      if (/extension host.*terminated unexpectedly/i.test(message.text()))
        reject(new Error('The extension host was terminated before the suite ended.'));
    });
  });
}

async function aborted(signal: AbortSignal): Promise<never> {
  if (!signal.aborted) await once(signal, 'abort');
  throw signal.reason;
}
