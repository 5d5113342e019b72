import path from 'node:path';
import * as vscode from 'vscode';
import type { Draft } from '../onramp/draft.ts';
import type { Container } from './container.ts';
import { exists } from './workspaceWatch.ts';

/** Of documents that are shown and are no files. */
const SCHEME = 'mesh-sim-draft';
const ACCEPT = 'Write It';

/** Drafts a registry of what is in the folder and shows it as a diff to accept; one that is there is only opened. */
export async function createRegistry(container: Container): Promise<void> {
  const refusal = container.refusal();
  if (refusal !== undefined) throw new Error(refusal);
  const file = container.registryUri();
  if (await exists(file)) {
    await vscode.window.showTextDocument(file);
    return;
  }
  const host = await container.host();
  const draft = await host.draftProduct(path.dirname(file.fsPath));
  tellGaps(container, draft);
  await showDiff(container, file, draft.text);
  const { gaps, registry } = draft;
  const found = `${registry.services.length} services were found`;
  const open =
    gaps.length === 0 ? '' : `, and ${gaps.length} things are left to you (Output: Mesh-Sim)`;
  void vscode.window
    .showInformationMessage(`${found}${open}. Write mesh.services.json?`, ACCEPT)
    .then(async (choice) => {
      if (choice === ACCEPT) await accept(file, draft.text);
    });
}

async function accept(file: vscode.Uri, text: string): Promise<void> {
  // Somebody may have written one while this was on the screen.
  if (!(await exists(file))) await vscode.workspace.fs.writeFile(file, Buffer.from(text));
  await vscode.window.showTextDocument(file);
}

function tellGaps(container: Container, { gaps, taken, notes }: Draft): void {
  for (const { service, field, source } of taken)
    container.log.info(`${service}.${field} is from ${source}`);
  for (const note of notes) container.log.info(note);
  for (const { where, what, remedy } of gaps) container.log.warn(`${where}: ${what}; ${remedy}.`);
}

/** What the last diff shows; the one before it is not asked for again. */
let shown: vscode.Disposable | undefined;

/** Beside nothing: there is no file yet. */
async function showDiff(container: Container, file: vscode.Uri, text: string): Promise<void> {
  const name = path.basename(file.fsPath);
  // An editor keeps the text of an address it knows.
  const query = `${performance.now()}`;
  const [left, right] = ['empty', 'draft'].map((side) =>
    vscode.Uri.from({ scheme: SCHEME, path: `/${side}/${name}`, query }),
  );
  shown?.dispose();
  shown = vscode.workspace.registerTextDocumentContentProvider(SCHEME, {
    provideTextDocumentContent: (wanted) => (wanted.path.startsWith('/draft/') ? text : ''),
  });
  container.context.subscriptions.push(shown);
  await vscode.commands.executeCommand('vscode.diff', left, right, `${name} (draft)`);
}
