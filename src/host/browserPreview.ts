import * as vscode from 'vscode';
import type { Container } from './container.ts';

/**
 * Shows the page in the editor's own browser, else in the user's. Whether a command exists is found by calling it:
 * the list of commands lacks those of extensions that were not needed yet.
 */
export async function openBrowserPreview(container: Container): Promise<void> {
  const server = await (await container.host()).loopback();
  const local = vscode.Uri.parse(`http://127.0.0.1:${server.port}/`);
  const external = await vscode.env.asExternalUri(local);
  server.allowAuthority(external.authority);
  // The token stays in the fragment: it never reaches a server or a log.
  const page = external.with({ query: `theme=${themeName()}`, fragment: `token=${server.token}` });
  if (await tryCommand('workbench.action.browser.open', page.toString(true))) return;
  if (await tryCommand('simpleBrowser.api.open', page)) return;
  await vscode.env.openExternal(page);
}

async function tryCommand(command: string, argument: unknown): Promise<boolean> {
  try {
    await vscode.commands.executeCommand(command, argument);
    return true;
  } catch {
    return false;
  }
}

function themeName(): string {
  switch (vscode.window.activeColorTheme.kind) {
    case vscode.ColorThemeKind.Light:
      return 'light';
    case vscode.ColorThemeKind.HighContrast:
      return 'hc';
    case vscode.ColorThemeKind.HighContrastLight:
      return 'hcl';
    case vscode.ColorThemeKind.Dark:
      return 'dark';
  }
}
