import path from 'node:path';
import { createApi, type StudioApi } from '../api/app.ts';
import { serveLoopback, type LoopbackServer } from '../api/loopback.ts';
import { systemClock } from '../base/clock.ts';
import { configFolder } from '../signing/configFolder.ts';
import { Studio } from '../studio/studio.ts';
import { Workspace } from '../studio/workspace.ts';

export interface StudioHostOptions {
  readonly folder: string;
  readonly bundleFolder: string;
  readonly product: string;
  readonly refusal: () => string | undefined;
}

/** The Studio of one window with its API. Loaded on first need: activation does not pay for it. */
export class StudioHost {
  readonly studio: Studio;
  readonly api: StudioApi;
  readonly #pageFolder: string;
  #server: Promise<LoopbackServer> | undefined;

  constructor({ folder, bundleFolder, product, refusal }: StudioHostOptions) {
    this.#pageFolder = path.join(bundleFolder, 'page');
    const workspace = new Workspace({
      folder,
      bundleFolder,
      product,
      configFolder: configFolder(process.env),
      environment: process.env,
      clock: systemClock,
    });
    this.studio = new Studio(workspace);
    this.api = createApi(this.studio, { refusal });
  }

  /** One server per window, however often the preview is opened. @throws MeshSimError `port-unavailable` */
  loopback(): Promise<LoopbackServer> {
    this.#server ??= serveLoopback(this.api, { pageFolder: this.#pageFolder });
    return this.#server;
  }

  /** Runs first: nothing they started may outlive the window. */
  async dispose(): Promise<void> {
    await this.studio.dispose();
    await (await this.#server)?.close();
  }
}
