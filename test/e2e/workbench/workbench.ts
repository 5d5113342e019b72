import { test as base, expect, type TestInfo } from '@playwright/test';
import {
  createTinyRepository,
  healthyService,
  type TinyRepository,
} from '../../support/tinyProduct.ts';
import { startEditor, type Editor, type WindowOptions } from './editor.ts';
import { createHeldProduct, type HeldProduct } from './heldProduct.ts';
import type { StudioWindow } from './studioWindow.ts';

export { expect };

interface OpenWindow {
  readonly window: StudioWindow;
  readonly product: { dispose(): Promise<void> };
}

/** Keeps one window open: that of the spec file that runs now. */
class OpenWindows<Opened extends OpenWindow> {
  readonly #open: () => Promise<Opened>;
  #current: { readonly file: string; readonly opened: Opened } | undefined;

  constructor(open: () => Promise<Opened>) {
    this.#open = open;
  }

  async of(file: string): Promise<Opened> {
    if (this.#current?.file !== file) {
      await this.close();
      this.#current = { file, opened: await this.#open() };
    }
    return this.#current.opened;
  }

  async close(): Promise<void> {
    const closing = this.#current?.opened;
    this.#current = undefined;
    await closing?.window.close();
    await closing?.product.dispose();
  }
}

/** What a window is on. */
export interface Product {
  readonly folder: string;
}

interface TestFixtures {
  /** Opens a window on a folder, for this test only. */
  readonly openWindow: (folder: string, options?: WindowOptions) => Promise<StudioWindow>;
  /** Packed, and holding the services of its runs; shared by the tests of one spec file, with a window. */
  readonly held: { readonly window: StudioWindow; readonly product: HeldProduct };
  /** On a product of one service, shared by the tests of one spec file: to open one takes processors 20 s. */
  readonly window: StudioWindow;
  readonly product: Product;
}

interface WorkerFixtures {
  readonly editor: Editor;
  readonly windows: OpenWindows<OpenWindow & { readonly product: TinyRepository }>;
  readonly heldWindows: OpenWindows<OpenWindow & { readonly product: HeldProduct }>;
}

/** One editor per worker. */
export const test = base.extend<TestFixtures, WorkerFixtures>({
  editor: [
    async ({}, use) => {
      const editor = await startEditor('trusted');
      await use(editor);
      expect(await editor.stop(), 'processes that outlived the editor').toEqual([]);
    },
    { scope: 'worker', timeout: 120_000 },
  ],
  windows: [
    async ({ editor, browser }, use) => {
      const windows = new OpenWindows(async () => {
        const product = await createTinyRepository([healthyService()]);
        return { product, window: await editor.open(browser, product.repo) };
      });
      await use(windows);
      await windows.close();
    },
    { scope: 'worker' },
  ],
  heldWindows: [
    async ({ editor, browser }, use) => {
      const windows = new OpenWindows(async () => {
        const product = await createHeldProduct();
        const window = await editor.open(browser, product.folder);
        await window.pack();
        return { product, window };
      });
      await use(windows);
      await windows.close();
    },
    { scope: 'worker' },
  ],
  window: async ({ windows }, use, info) => {
    const { window } = await windows.of(info.file);
    await use(window);
    await leaveClean(window, windows, info);
  },
  held: async ({ heldWindows }, use, info) => {
    const held = await heldWindows.of(info.file);
    await held.product.hold();
    await use(held);
    await leaveClean(held.window, heldWindows, info);
  },
  openWindow: async ({ editor, browser }, use) => {
    const opened: StudioWindow[] = [];
    await use(async (folder, options) => {
      const window = await editor.open(browser, folder, options);
      opened.push(window);
      return window;
    });
    for (const window of opened) await window.close();
  },
  product: async ({ windows }, use, { file }) => {
    await use({ folder: (await windows.of(file)).product.repo });
  },
});

/** For the next test of the file, which is told nothing of this one. A failure may leave a dialog open, or anything else: then it gets another window. */
async function leaveClean(
  window: StudioWindow,
  windows: { close(): Promise<void> },
  { status, expectedStatus }: TestInfo,
): Promise<void> {
  if (status !== expectedStatus) return windows.close();
  await window.runCommand('View: Close All Editors');
  await window.runCommand('Notifications: Clear All Notifications');
}
