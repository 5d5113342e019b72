import path from 'node:path';
import * as vscode from 'vscode';
import { messageOf } from '../base/errors.ts';
import type { StudioHost } from './studioHost.ts';
import { StudioRequests } from './studioRequests.ts';

const UNTRUSTED =
  'This workspace is not trusted: trust it to run simulations; evidence can be read.';

/** Everything of one window that lives as long as the window, made on first need and disposed in order. */
export class Container {
  readonly context: vscode.ExtensionContext;
  readonly log: vscode.LogOutputChannel;
  readonly requests = new StudioRequests(async () => (await this.host()).api);
  readonly #changed = new vscode.EventEmitter<void>();
  /** Fires when runs started or ended, or the ledger grew. */
  readonly onChange = this.#changed.event;
  #host: Promise<StudioHost> | undefined;

  constructor(context: vscode.ExtensionContext) {
    this.context = context;
    this.log = vscode.window.createOutputChannel('Mesh-Sim', { log: true });
  }

  host(): Promise<StudioHost> {
    this.#host ??= this.#openHost();
    return this.#host;
  }

  /** Why nothing may be run here, or undefined. */
  refusal(): string | undefined {
    return vscode.workspace.isTrusted ? undefined : UNTRUSTED;
  }

  /** Of the first workspace folder; without one the extension's own storage, where evidence can still be verified. */
  folder(): string {
    const [first] = vscode.workspace.workspaceFolders ?? [];
    return (first?.uri ?? this.context.globalStorageUri).fsPath;
  }

  notifyChanged(): void {
    this.#changed.fire();
  }

  /** Shows the sentence; the log gets the details. */
  async showError(error: unknown): Promise<void> {
    this.log.error(error instanceof Error ? error : messageOf(error));
    const choice = await vscode.window.showErrorMessage(messageOf(error), 'Show Log');
    if (choice !== undefined) this.log.show();
  }

  async dispose(): Promise<void> {
    const host = this.#host;
    if (host !== undefined) await (await host).dispose();
    this.#changed.dispose();
    this.log.dispose();
  }

  async #openHost(): Promise<StudioHost> {
    const { StudioHost } = await import('./studioHost.ts');
    const { name, version } = this.context.extension.packageJSON as {
      name: string;
      version: string;
    };
    const host = new StudioHost({
      folder: this.folder(),
      bundleFolder: path.join(this.context.extensionPath, 'dist'),
      product: `${name} ${version}`,
      refusal: () => this.refusal(),
    });
    host.studio.simulations.onChange(() => this.notifyChanged());
    return host;
  }
}
