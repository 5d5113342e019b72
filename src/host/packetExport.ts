import * as vscode from 'vscode';
import type { Container } from './container.ts';

const FILTERS = { 'Packet capture': ['pcapng'] };

/** Saves the packets between services that a run kept, where the person says. @throws MeshSimError `capture-missing` */
export async function exportPackets(container: Container, simId: string): Promise<void> {
  const bytes = await container.requests.packets(simId);
  const defaultUri = vscode.Uri.joinPath(vscode.Uri.file(container.folder()), `${simId}.pcapng`);
  const file = await vscode.window.showSaveDialog({ defaultUri, filters: FILTERS });
  if (file !== undefined) await vscode.workspace.fs.writeFile(file, bytes);
}
