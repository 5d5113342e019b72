import * as vscode from 'vscode';

/**
 * The question of a command, answered with one of the items; undefined: the person pressed Escape.
 * It stays when it loses the focus: a page that was asked for before it may come up only now and take the focus, and the
 * question would be gone before anybody read it.
 */
export async function pickOne<T extends vscode.QuickPickItem>(
  title: string,
  items: readonly T[],
  options: Pick<vscode.QuickPickOptions, 'matchOnDescription'> = {},
): Promise<T | undefined> {
  return vscode.window.showQuickPick(items, { ...options, title, ignoreFocusOut: true });
}
