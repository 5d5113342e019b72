import * as vscode from 'vscode';
import type { Container } from './container.ts';

/** What is replaced with every ledger entry, by whichever process; what makes a product; what makes a repository. */
const WATCHED = ['.meshsim/ledger/checkpoint', '.git/HEAD'];

/** Tells the container of changes that other windows, terminals and the person make in the workspace. */
export function watchWorkspace(container: Container): vscode.Disposable {
  const folder = container.workspaceFolder();
  if (folder === undefined) return new vscode.Disposable(() => undefined);
  const watchers = [...WATCHED, container.registryPath()].map((file) => {
    const watcher = vscode.workspace.createFileSystemWatcher(
      new vscode.RelativePattern(folder, file),
    );
    const changed = () => container.notifyChanged();
    watcher.onDidCreate(changed);
    watcher.onDidChange(changed);
    watcher.onDidDelete(changed);
    return watcher;
  });
  return vscode.Disposable.from(
    ...watchers,
    vscode.workspace.onDidGrantWorkspaceTrust(() => container.notifyChanged()),
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration('meshSim.registryPath')) container.notifyChanged();
    }),
  );
}

/** What the person needs next here, for the welcome views: `meshSim.next`. Unset until it is known. */
export async function updateContext(container: Container, isLedgerEmpty: boolean): Promise<void> {
  const next = isLedgerEmpty ? await nextNeed(container) : undefined;
  await vscode.commands.executeCommand('setContext', 'meshSim.next', next);
}

async function nextNeed(container: Container): Promise<'registry' | 'git' | 'pack' | undefined> {
  if (container.workspaceFolder() === undefined) return undefined;
  if (!(await exists(container.registryUri()))) return 'registry';
  return (await container.requests.workspace()).hasGit ? 'pack' : 'git';
}

export async function exists(uri: vscode.Uri): Promise<boolean> {
  try {
    await vscode.workspace.fs.stat(uri);
    return true;
  } catch {
    return false;
  }
}
