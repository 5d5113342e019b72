import * as vscode from 'vscode';
import { addressHandler } from './host/addressHandler.ts';
import { registerAssistantTools } from './host/assistantTools.ts';
import { CodeLenses } from './host/codeLenses.ts';
import { registerCommands } from './host/commands.ts';
import { Container } from './host/container.ts';
import type { Dialogs } from './host/dialogs.ts';
import { EVIDENCE_VIEW_TYPE, EvidenceEditor } from './host/evidenceEditor.ts';
import { FileDiagnostics } from './host/fileDiagnostics.ts';
import { PlanTests } from './host/planTests.ts';
import { ProvenanceTree } from './host/provenanceTree.ts';
import { RunWatcher } from './host/runWatcher.ts';
import { SimulationTasks } from './host/simulationTasks.ts';
import { STUDIO_VIEW_TYPE, StudioPanel } from './host/studioPanel.ts';
import { TASK_TYPE } from './host/taskArguments.ts';
import { putOnTerminalPath } from './host/terminalPath.ts';
import { watchWorkspace } from './host/workspaceWatch.ts';
import type { StudioHost } from './host/studioHost.ts';
import type { Studio } from './studio/studio.ts';

export interface ExtensionApi {
  studio(): Promise<Studio>;
  studioHost(): Promise<StudioHost>;
  readonly activationMs: number;
  /** Resolves when terminals that are opened have `mesh-sim` on their PATH, or cannot have it. */
  readonly terminals: Promise<void>;
  /** Answers every question that would stop the editor, such as before a deploy to production. */
  answerWith(dialogs: Dialogs): void;
}

let container: Container | undefined;

export function activate(context: vscode.ExtensionContext): ExtensionApi {
  const startedAt = performance.now();
  const opened = new Container(context);
  container = opened;
  const panel = new StudioPanel(opened);
  const watcher = new RunWatcher(opened, panel);
  const tree = new ProvenanceTree(opened);
  context.subscriptions.push(
    watcher,
    tree,
    watchWorkspace(opened),
    ...registerAssistantTools(opened),
    ...registerCommands({ container: opened, panel, watcher, tree }),
    vscode.window.createTreeView('meshSim.provenance', { treeDataProvider: tree }),
    vscode.window.registerWebviewPanelSerializer(STUDIO_VIEW_TYPE, panel),
    vscode.window.registerCustomEditorProvider(EVIDENCE_VIEW_TYPE, new EvidenceEditor(opened), {
      supportsMultipleEditorsPerDocument: true,
    }),
    new FileDiagnostics(opened),
    vscode.languages.registerCodeLensProvider({ language: 'json' }, new CodeLenses(opened)),
    vscode.tasks.registerTaskProvider(TASK_TYPE, new SimulationTasks(opened)),
    new PlanTests(opened, watcher),
    vscode.window.registerUriHandler(addressHandler(opened)),
  );
  // Not awaited: nothing else here needs it.
  const terminals = putOnTerminalPath(opened);
  return {
    terminals,
    studioHost: () => opened.host(),
    studio: async () => (await opened.host()).studio,
    activationMs: performance.now() - startedAt,
    answerWith: (dialogs) => {
      opened.dialogs = dialogs;
    },
  };
}

/** Resolves when no process of any run is left. */
export async function deactivate(): Promise<void> {
  await container?.dispose();
}
