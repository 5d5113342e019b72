import * as vscode from 'vscode';
import type { ProvenanceRun } from '../model/provenanceApi.ts';
import type { Container } from './container.ts';
import { EVIDENCE_VIEW_TYPE } from './evidenceEditor.ts';
import { pickOne } from './pickOne.ts';
import { hasEvidence } from './timelineTree.ts';

const EVIDENCE_FILES = { 'Simulation Evidence': ['capsim'] };

/** The file of the explorer, or one from anywhere, opened with its verdict. */
export async function verifyEvidenceFile(file?: vscode.Uri): Promise<void> {
  const chosen = file ?? (await pickFile());
  if (chosen !== undefined) await openEvidence(chosen);
}

/** @param destination left out: the person is asked */
export async function exportEvidence(
  container: Container,
  simId: string,
  destination?: vscode.Uri,
): Promise<void> {
  const bytes = await container.requests.evidenceFile(simId);
  const file = destination ?? (await pickDestination(container, simId));
  if (file === undefined) return;
  await vscode.workspace.fs.writeFile(file, bytes);
  const text = `Evidence exported: ${vscode.workspace.asRelativePath(file)}.`;
  void vscode.window.showInformationMessage(text, 'Verify').then((choice) => {
    if (choice !== undefined) void openEvidence(file);
  });
}

/** Of a target, else of the sealed run the person picks. */
export async function simIdOf(
  container: Container,
  target: ProvenanceRun | string | undefined,
): Promise<string | undefined> {
  if (target !== undefined) return typeof target === 'string' ? target : target.simId;
  const { runs } = await container.requests.provenance();
  const items = runs.filter(hasEvidence).map(({ title, status, summary, at, simId }) => ({
    label: title,
    description: `${status.toUpperCase()} · ${summary}`,
    detail: new Date(at).toLocaleString(),
    simId,
  }));
  if (items.length === 0) {
    void vscode.window.showInformationMessage(
      'There is no evidence yet: run "Simulate Mesh" first.',
    );
    return undefined;
  }
  return (await pickOne('Which simulation?', items))?.simId;
}

async function openEvidence(file: vscode.Uri): Promise<void> {
  await vscode.commands.executeCommand('vscode.openWith', file, EVIDENCE_VIEW_TYPE);
}

async function pickFile(): Promise<vscode.Uri | undefined> {
  const options = { filters: EVIDENCE_FILES, openLabel: 'Verify', title: 'Verify Evidence File' };
  return (await vscode.window.showOpenDialog(options))?.[0];
}

async function pickDestination(
  container: Container,
  simId: string,
): Promise<vscode.Uri | undefined> {
  const defaultUri = vscode.Uri.joinPath(vscode.Uri.file(container.folder()), `${simId}.capsim`);
  return vscode.window.showSaveDialog({ defaultUri, filters: EVIDENCE_FILES });
}
