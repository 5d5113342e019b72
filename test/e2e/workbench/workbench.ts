import { test as base, expect } from '@playwright/test';
import { startEditor, type Editor, type WindowOptions } from './editor.ts';
import { createProduct, type Product } from './product.ts';
import { SharedWindow } from './sharedWindow.ts';
import type { StudioWindow } from './studioWindow.ts';

export { expect };

interface TestFixtures {
  /** Opens another window on a folder, for this test only. */
  readonly openWindow: (folder: string, options?: WindowOptions) => Promise<StudioWindow>;
  /** New for each test, in the folder that the window is on. */
  readonly product: Product;
  /** One for all tests of a worker. */
  readonly window: StudioWindow;
}

interface WorkerFixtures {
  readonly editor: Editor;
  readonly shared: SharedWindow;
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
  shared: [
    async ({ editor, browser }, use) => {
      const shared = new SharedWindow((folder) => editor.open(browser, folder));
      await use(shared);
      await shared.close();
    },
    { scope: 'worker' },
  ],
  product: async ({ shared }, use) => {
    const made = await createProduct();
    await use({ ...made, folder: await shared.show(made.folder) });
    await made.dispose();
  },
  window: async ({ shared, product }, use) => {
    await use(await shared.on(product.folder));
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
});
