import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import { pageHtml } from '../api/pageHtml.ts';
import type { Boot } from '../model/boot.ts';
import { pageMessageSchema, type Navigate } from '../model/tunnel.ts';
import type { Container } from './container.ts';
import { TunnelServer, type Fetch } from './tunnelServer.ts';

export const STUDIO_VIEW_TYPE = 'meshSim.studio';
const NONCE_BYTES = 18;

/**
 * Shows the page in a webview and answers its requests until the webview is disposed. A `fetch` of its own lets an
 * editor answer routes beside the API's.
 */
export function connectPage(
  container: Container,
  webview: vscode.Webview,
  onDispose: vscode.Event<void>,
  boot: Omit<Boot, 'door'> = {},
  fetch: Fetch = async (request) => (await container.host()).api.fetch(request),
): void {
  const page = vscode.Uri.joinPath(container.context.extensionUri, 'dist', 'page');
  const tunnel = new TunnelServer(fetch, (answer) => void webview.postMessage(answer));
  const listener = webview.onDidReceiveMessage((data: unknown) => {
    const { success, data: message } = pageMessageSchema.safeParse(data);
    if (!success) container.log.warn('The page sent a message of no known kind.');
    else if (message.type === 'export')
      void vscode.commands.executeCommand('meshSim.exportEvidence', message.simId);
    else void tunnel.receive(message);
  });
  onDispose(() => {
    listener.dispose();
    tunnel.dispose();
  });
  webview.options = { enableScripts: true, localResourceRoots: [page] };
  webview.html = pageHtml({
    boot: { ...boot, door: 'editor' },
    scriptUri: webview.asWebviewUri(vscode.Uri.joinPath(page, 'studio.js')).toString(),
    styleUri: webview.asWebviewUri(vscode.Uri.joinPath(page, 'studio.css')).toString(),
    source: webview.cspSource,
    nonce: randomBytes(NONCE_BYTES).toString('base64url'),
  });
}

/** The one Studio panel of a window. */
export class StudioPanel implements vscode.WebviewPanelSerializer {
  readonly #container: Container;
  #panel: vscode.WebviewPanel | undefined;

  constructor(container: Container) {
    this.#container = container;
  }

  /** A new panel boots on the view; an open one is told to go there. */
  show(place?: Omit<Navigate, 'type'>): void {
    if (this.#panel !== undefined) {
      this.#panel.reveal();
      if (place !== undefined) void this.#panel.webview.postMessage({ type: 'navigate', ...place });
      return;
    }
    const title = 'Mesh-Sim Studio';
    const column = vscode.ViewColumn.Active;
    this.#adopt(vscode.window.createWebviewPanel(STUDIO_VIEW_TYPE, title, column), place);
  }

  deserializeWebviewPanel(panel: vscode.WebviewPanel): Promise<void> {
    this.#adopt(panel);
    return Promise.resolve();
  }

  #adopt(panel: vscode.WebviewPanel, place?: Omit<Navigate, 'type'>): void {
    this.#panel = panel;
    panel.iconPath = vscode.Uri.joinPath(this.#container.context.extensionUri, 'media', 'mesh.svg');
    panel.onDidDispose(() => {
      if (this.#panel === panel) this.#panel = undefined;
    });
    const { view, simId } = place ?? {};
    connectPage(this.#container, panel.webview, panel.onDidDispose, {
      ...(view === undefined ? {} : { view }),
      ...(simId === undefined ? {} : { simId }),
    });
  }
}
