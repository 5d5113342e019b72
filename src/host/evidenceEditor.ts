import path from 'node:path';
import * as vscode from 'vscode';
import type { Container } from './container.ts';
import type { EvidenceSource } from './evidenceDocument.ts';
import { PageConnection } from './pageConnection.ts';

export const EVIDENCE_VIEW_TYPE = 'meshSim.evidence';

/** A file that is being written changes many times. */
const RELOAD_PAUSE_MS = 200;

/** Shows any `.capsim` as the Evidence pane with its verdict, and verifies it again when it changes. */
export class EvidenceEditor implements vscode.CustomReadonlyEditorProvider {
  readonly #container: Container;

  constructor(container: Container) {
    this.#container = container;
  }

  openCustomDocument(uri: vscode.Uri): vscode.CustomDocument {
    return { uri, dispose: () => undefined };
  }

  resolveCustomEditor({ uri }: vscode.CustomDocument, panel: vscode.WebviewPanel): void {
    const source = sourceOf(uri);
    const connection = new PageConnection(this.#container, panel.webview, source);
    const load = () => connection.load({ document: true });
    const watcher = watchFile(uri, load);
    panel.onDidDispose(() => {
      watcher.dispose();
      connection.dispose();
    });
    load();
  }
}

function sourceOf(uri: vscode.Uri): EvidenceSource {
  return {
    name: path.posix.basename(uri.path),
    size: async () => (await vscode.workspace.fs.stat(uri)).size,
    bytes: async () => vscode.workspace.fs.readFile(uri),
  };
}

function watchFile(uri: vscode.Uri, changed: () => void): vscode.Disposable {
  const folder = uri.with({ path: path.posix.dirname(uri.path) });
  const name = path.posix.basename(uri.path).replaceAll(/[[\]{}*?]/g, '[$&]');
  const watcher = vscode.workspace.createFileSystemWatcher(
    new vscode.RelativePattern(folder, name),
  );
  let timer: NodeJS.Timeout | undefined;
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(changed, RELOAD_PAUSE_MS);
  };
  watcher.onDidCreate(later);
  watcher.onDidChange(later);
  watcher.onDidDelete(later);
  return vscode.Disposable.from(watcher, new vscode.Disposable(() => clearTimeout(timer)));
}
