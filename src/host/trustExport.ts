import * as vscode from 'vscode';
import { trustFileName, type TrustExport, type TrustFormat } from '../model/trustExport.ts';
import type { Container } from './container.ts';
import { pickCapsule } from './simulateCommand.ts';

const FILTERS: Record<TrustFormat, Record<string, string[]>> = {
  svg: { Drawing: ['svg'] },
  json: { JSON: ['json'] },
};

/** Of the palette: a drawing of the Capsule that is picked. */
export async function pickTrustExport(container: Container): Promise<TrustExport | undefined> {
  const capsule = await pickCapsule(container, 'Export the chain of trust: of which Capsule?');
  return capsule === undefined ? undefined : { format: 'svg', capsuleHash: capsule.capsuleHash };
}

/** @param destination left out: the person is asked */
export async function exportTrust(
  container: Container,
  wanted: TrustExport,
  destination?: vscode.Uri,
): Promise<void> {
  const bytes = await container.requests.trustFile(wanted);
  const folder = vscode.Uri.file(container.folder());
  const defaultUri = vscode.Uri.joinPath(folder, trustFileName(wanted));
  const filters = FILTERS[wanted.format];
  const file = destination ?? (await vscode.window.showSaveDialog({ defaultUri, filters }));
  if (file === undefined) return;
  await vscode.workspace.fs.writeFile(file, bytes);
  const text = `Chain of trust exported: ${vscode.workspace.asRelativePath(file)}.`;
  void vscode.window.showInformationMessage(text, 'Open').then((choice) => {
    if (choice !== undefined) void vscode.commands.executeCommand('vscode.open', file);
  });
}
