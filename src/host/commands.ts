import * as vscode from 'vscode';
import type { ProvenanceRun } from '../model/api.ts';
import { openBrowserPreview } from './browserPreview.ts';
import type { Container } from './container.ts';
import { followRun, simulateMesh } from './simulateCommand.ts';
import type { StudioPanel } from './studioPanel.ts';
import { hasEvidence } from './timelineTree.ts';

/** A tree row, a Capsule hash or simId of a code lens or the page, or nothing from the palette. */
type Target = ProvenanceRun | string | undefined;

export function registerCommands(container: Container, panel: StudioPanel): vscode.Disposable[] {
  const commands: Record<string, (target: Target) => unknown> = {
    simulateMesh: (target) =>
      simulateMesh(container, panel, typeof target === 'object' ? target.capsuleHash : target),
    replaySimulation: (target) => replay(container, panel, target),
    cancelSimulation: () => cancelAll(container),
    packCapsule: () => pack(container),
    openStudio: () => panel.show(),
    openStudioInBrowserPreview: () => openBrowserPreview(container),
    verifyEvidenceFile: () => verifyFile(),
    showEvidence: (target) => showEvidence(container, panel, target),
    exportEvidence: (target) => exportEvidence(container, target),
    copyCapsuleHash: (target) =>
      typeof target === 'object' ? vscode.env.clipboard.writeText(target.capsuleHash) : undefined,
    showLog: () => container.log.show(),
  };
  return Object.entries(commands).map(([name, run]) =>
    vscode.commands.registerCommand(`meshSim.${name}`, async (target: Target) => {
      try {
        await run(target);
      } catch (error) {
        void container.showError(error);
      }
    }),
  );
}

async function pack(container: Container): Promise<void> {
  const registry = vscode.workspace.getConfiguration('meshSim').get<string>('registryPath', '');
  const packed = await container.requests.pack(registry === '' ? {} : { registry });
  container.notifyChanged();
  const text = `Packed ${packed.name}: ${packed.services} services, ${packed.capsuleHash.slice(0, 12)}.`;
  void vscode.window.showInformationMessage(text, 'Simulate Mesh').then((choice) => {
    if (choice === undefined) return;
    void vscode.commands.executeCommand('meshSim.simulateMesh', packed.capsuleHash);
  });
}

async function replay(container: Container, panel: StudioPanel, target: Target): Promise<void> {
  const simId = await simIdOf(container, target);
  if (simId === undefined) return;
  await followRun(container, panel, await container.requests.replay(simId));
}

async function cancelAll(container: Container): Promise<void> {
  const { simulations } = (await container.host()).studio;
  for (const simId of simulations.running()) simulations.cancel(simId);
}

async function verifyFile(): Promise<void> {
  const filters = { 'Simulation Evidence': ['capsim'] };
  const [file] = (await vscode.window.showOpenDialog({ filters, openLabel: 'Verify' })) ?? [];
  if (file !== undefined) await vscode.commands.executeCommand('vscode.open', file);
}

async function showEvidence(
  container: Container,
  panel: StudioPanel,
  target: Target,
): Promise<void> {
  const simId = await simIdOf(container, target);
  if (simId !== undefined) panel.show({ view: 'evidence', simId });
}

async function exportEvidence(container: Container, target: Target): Promise<void> {
  const simId = await simIdOf(container, target);
  if (simId === undefined) return;
  const bytes = await container.requests.evidenceFile(simId);
  const defaultUri = vscode.Uri.joinPath(vscode.Uri.file(container.folder()), `${simId}.capsim`);
  const filters = { 'Simulation Evidence': ['capsim'] };
  const file = await vscode.window.showSaveDialog({ defaultUri, filters });
  if (file !== undefined) await vscode.workspace.fs.writeFile(file, bytes);
}

/** Of the target, else of the run the person picks. */
async function simIdOf(container: Container, target: Target): Promise<string | undefined> {
  if (target !== undefined) return typeof target === 'string' ? target : target.simId;
  const { runs } = await container.requests.provenance();
  const items = runs.filter(hasEvidence).map(({ title, summary, at, simId }) => ({
    label: title,
    description: summary,
    detail: at,
    simId,
  }));
  return (await vscode.window.showQuickPick(items, { title: 'Which simulation?' }))?.simId;
}
