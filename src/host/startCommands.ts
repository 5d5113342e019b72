import path from 'node:path';
import * as vscode from 'vscode';
import type { Container } from './container.ts';
import { exists } from './workspaceWatch.ts';

const EXAMPLE = 'harbor-pay';

/**
 * Puts a copy of the example, a git repository, into a folder and opens it.
 * @param parent left out: the person is asked
 */
export async function openExample(container: Container, parent?: vscode.Uri): Promise<void> {
  const into = parent ?? (await pickParent());
  if (into === undefined) return;
  const source = path.join(container.context.extensionPath, 'examples', EXAMPLE);
  const target = await unusedFolder(into);
  await (await container.host()).createExample(source, target.fsPath);
  container.log.info(`The example was written to ${target.fsPath}.`);
  const forceNewWindow = container.workspaceFolder() !== undefined;
  await vscode.commands.executeCommand('vscode.openFolder', target, { forceNewWindow });
}

async function pickParent(): Promise<vscode.Uri | undefined> {
  const options = { canSelectFiles: false, canSelectFolders: true, openLabel: 'Put It Here' };
  const title = 'Where to put the example?';
  return (await vscode.window.showOpenDialog({ ...options, title }))?.[0];
}

async function unusedFolder(parent: vscode.Uri): Promise<vscode.Uri> {
  for (let number = 1; ; number++) {
    const name = number === 1 ? EXAMPLE : `${EXAMPLE}-${number}`;
    const folder = vscode.Uri.joinPath(parent, name);
    if (!(await exists(folder))) return folder;
  }
}
