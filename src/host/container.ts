import path from 'node:path';
import * as vscode from 'vscode';
import { messageOf } from '../base/errors.ts';
import { modalDialogs, type Dialogs } from './dialogs.ts';
import type { PassphraseDesk } from './editorPassphrases.ts';
import { runDefaults } from './runDefaults.ts';
import { secretStorageDesk } from './secretStorageDesk.ts';
import type { StudioHost } from './studioHost.ts';
import { StudioRequests } from './studioRequests.ts';

const UNTRUSTED =
  'This workspace is not trusted: trust it to run simulations; evidence can be read.';
const NO_FOLDER = 'No folder is open: open the folder of a product first (File: Open Folder…).';

const DEFAULT_REGISTRY = 'mesh.services.json';

/** Several writes to the ledger and the end of a run come together: they are told once. */
const CHANGE_PAUSE_MS = 100;

/** Everything of one window that lives as long as the window, made on first need and disposed in order. */
export class Container {
  readonly context: vscode.ExtensionContext;
  readonly log: vscode.LogOutputChannel;
  readonly passphrases: PassphraseDesk;
  dialogs: Dialogs = modalDialogs();
  readonly requests = new StudioRequests(async () => (await this.host()).api);
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #runs = new vscode.EventEmitter<StudioHost>();
  /** Fires when runs started or ended, the ledger grew, or the registry or the repository came or went. */
  readonly onChange = this.#changed.event;
  /** Fires at once when a run of this window started or ended. */
  readonly onRuns = this.#runs.event;
  #host: Promise<StudioHost> | undefined;
  #changeTimer: NodeJS.Timeout | undefined;

  constructor(context: vscode.ExtensionContext) {
    this.context = context;
    this.passphrases = secretStorageDesk(context.secrets);
    this.log = vscode.window.createOutputChannel('Mesh-Sim', { log: true });
  }

  /** A start that failed is tried again when it is needed again. */
  host(): Promise<StudioHost> {
    this.#host ??= this.#openHost().catch((error: unknown) => {
      this.#host = undefined;
      throw error;
    });
    return this.#host;
  }

  /** Why nothing may be run here, or undefined. */
  refusal(): string | undefined {
    if (this.workspaceFolder() === undefined) return NO_FOLDER;
    return vscode.workspace.isTrusted ? undefined : UNTRUSTED;
  }

  /** The first one: a product has one registry. */
  workspaceFolder(): vscode.WorkspaceFolder | undefined {
    return vscode.workspace.workspaceFolders?.[0];
  }

  /** Of the workspace; without one the extension's own storage, where evidence can still be verified. */
  folder(): string {
    return (this.workspaceFolder()?.uri ?? this.context.globalStorageUri).fsPath;
  }

  /** As the setting names it, relative to the folder. */
  registryPath(): string {
    const scope = this.workspaceFolder()?.uri;
    const settings = vscode.workspace.getConfiguration('meshSim', scope);
    const named = settings.get<string>('registryPath');
    return named === undefined || named === '' ? DEFAULT_REGISTRY : named;
  }

  registryUri(): vscode.Uri {
    return vscode.Uri.file(path.resolve(this.folder(), this.registryPath()));
  }

  notifyChanged(): void {
    this.#changeTimer ??= setTimeout(() => {
      this.#changeTimer = undefined;
      this.#changed.fire();
    }, CHANGE_PAUSE_MS);
  }

  /** Shows the sentence; the log gets the details. */
  async showError(error: unknown): Promise<void> {
    this.log.error(error instanceof Error ? error : messageOf(error));
    const choice = await vscode.window.showErrorMessage(messageOf(error), 'Show Log');
    if (choice !== undefined) this.log.show();
  }

  async dispose(): Promise<void> {
    clearTimeout(this.#changeTimer);
    const host = await this.#host?.catch(() => undefined);
    await host?.dispose();
    this.#changed.dispose();
    this.#runs.dispose();
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
      passphrases: this.passphrases,
      runDefaults,
    });
    host.studio.simulations.onChange(() => {
      this.#runs.fire(host);
      this.notifyChanged();
    });
    return host;
  }
}
