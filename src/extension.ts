import * as vscode from 'vscode';
import { registerCommands } from './host/commands.ts';
import { Container } from './host/container.ts';
import { ProvenanceTree } from './host/provenanceTree.ts';
import { STUDIO_VIEW_TYPE, StudioPanel } from './host/studioPanel.ts';
import type { Studio } from './studio/studio.ts';

export interface ExtensionApi {
  studio(): Promise<Studio>;
  readonly activationMs: number;
}

let container: Container | undefined;

export function activate(context: vscode.ExtensionContext): ExtensionApi {
  const startedAt = performance.now();
  const opened = new Container(context);
  container = opened;
  const panel = new StudioPanel(opened);
  context.subscriptions.push(
    ...registerCommands(opened, panel),
    vscode.window.createTreeView('meshSim.provenance', {
      treeDataProvider: new ProvenanceTree(opened),
    }),
    vscode.window.registerWebviewPanelSerializer(STUDIO_VIEW_TYPE, panel),
    vscode.window.registerUriHandler({
      handleUri: ({ path }) => {
        if (path === '/preview')
          void vscode.commands.executeCommand('meshSim.openStudioInBrowserPreview');
      },
    }),
    vscode.workspace.onDidGrantWorkspaceTrust(() => opened.notifyChanged()),
  );
  void vscode.commands.executeCommand('setContext', 'meshSim.isActive', true);
  return {
    studio: async () => (await opened.host()).studio,
    activationMs: performance.now() - startedAt,
  };
}

/** Resolves when no process of any run is left. */
export async function deactivate(): Promise<void> {
  await container?.dispose();
}
