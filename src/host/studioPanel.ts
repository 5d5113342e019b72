import * as vscode from 'vscode';
import type { Navigate } from '../model/tunnel.ts';
import type { Container } from './container.ts';
import { PageConnection } from './pageConnection.ts';

export const STUDIO_VIEW_TYPE = 'meshSim.studio';

export type Place = Omit<Navigate, 'type'>;

/** The one Studio panel of a window. */
export class StudioPanel implements vscode.WebviewPanelSerializer {
  readonly #container: Container;
  #panel: vscode.WebviewPanel | undefined;

  constructor(container: Container) {
    this.#container = container;
  }

  /** A new panel boots on the place; an open one is told to go there. */
  show(place?: Place, column = vscode.ViewColumn.Active): void {
    if (this.#panel !== undefined) {
      this.#panel.reveal();
      // The editor keeps the message until a page that was hidden has loaded again.
      if (place !== undefined) void this.#panel.webview.postMessage({ type: 'navigate', ...place });
      return;
    }
    const title = 'Mesh-Sim Studio';
    this.#adopt(vscode.window.createWebviewPanel(STUDIO_VIEW_TYPE, title, column), place);
  }

  /** The page itself was given back its state, see webview/client/pageMemory.ts. */
  deserializeWebviewPanel(panel: vscode.WebviewPanel): Promise<void> {
    this.#adopt(panel);
    return Promise.resolve();
  }

  #adopt(panel: vscode.WebviewPanel, place?: Place): void {
    this.#panel = panel;
    panel.iconPath = this.#icon();
    const connection = new PageConnection(this.#container, panel.webview);
    panel.onDidDispose(() => {
      connection.dispose();
      if (this.#panel === panel) this.#panel = undefined;
    });
    const { view, simId } = place ?? {};
    connection.load({
      ...(view === undefined ? {} : { view }),
      ...(simId === undefined ? {} : { simId }),
    });
  }

  /** A tab shows a file as it is: `currentColor` would be black in every theme. */
  #icon(): { light: vscode.Uri; dark: vscode.Uri } {
    const { extensionUri } = this.#container.context;
    const file = (theme: string) => vscode.Uri.joinPath(extensionUri, 'media', `mesh-${theme}.svg`);
    return { light: file('light'), dark: file('dark') };
  }
}
