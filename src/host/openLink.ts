import * as vscode from 'vscode';

/** Shows a port of the machine that the extension runs on in the person's browser, which may be on another one. */
export async function openLink(address: string): Promise<void> {
  const external = await vscode.env.asExternalUri(vscode.Uri.parse(address, true));
  await vscode.env.openExternal(external);
}
