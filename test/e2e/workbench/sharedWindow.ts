import { readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { expect } from '@playwright/test';
import { temporaryFolder } from '../../support/harborPay.ts';
import type { StudioWindow } from './studioWindow.ts';

/** A worker's window over one folder, in which each test finds a product of its own: to open one takes a processor 15 s. */
export class SharedWindow {
  readonly #openOn: (folder: string) => Promise<StudioWindow>;
  #folder: string | undefined;
  #window: StudioWindow | undefined;

  /** @param openOn opens a window on a folder */
  constructor(openOn: (folder: string) => Promise<StudioWindow>) {
    this.#openOn = openOn;
  }

  /**
   * Puts a product in which nothing was packed in the place of the one before; resolves when the window shows that.
   * @param made where the product is; nothing is left there
   * @returns where it is then
   */
  async show(made: string): Promise<string> {
    const folder = (this.#folder ??= await temporaryFolder());
    await this.#window?.runCommand('View: Close All Editors');
    await this.#window?.runCommand('Notifications: Clear All Notifications');
    for (const name of await readdir(folder))
      await rm(path.join(folder, name), { recursive: true, force: true });
    for (const name of await readdir(made))
      await rename(path.join(made, name), path.join(folder, name));
    if (this.#window !== undefined)
      await expect(this.#window.welcome()).toContainText('Nothing has been packed here yet');
    return folder;
  }

  /** @param folder where the product is that is shown */
  async on(folder: string): Promise<StudioWindow> {
    return (this.#window ??= await this.#openOn(folder));
  }

  async close(): Promise<void> {
    await this.#window?.close();
    if (this.#folder !== undefined) await rm(this.#folder, { recursive: true, force: true });
  }
}
