import * as vscode from 'vscode';
import type { StartRequest, Started } from '../model/api.ts';
import { CHAOS_PRESETS, type ChaosPreset } from '../model/presets.ts';
import type { Container } from './container.ts';
import type { StudioPanel } from './studioPanel.ts';

const LAST_PRESET = 'meshSim.lastPreset';
const SHORT_HASH = 12;

/** Asks for what `capsuleHash` leaves open, runs it, and does nothing when the person backs out. */
export async function simulateMesh(
  container: Container,
  panel: StudioPanel,
  capsuleHash?: string,
): Promise<void> {
  const chosen = capsuleHash ?? (await pickCapsule(container));
  if (chosen === undefined) return;
  const preset = await pickPreset(container.context.workspaceState);
  if (preset === undefined) return;
  await container.context.workspaceState.update(LAST_PRESET, preset);
  const started = await container.requests.start(requestOf(chosen, preset));
  await followRun(container, panel, started);
}

/** Opens the Studio on the run, shows progress that cancels it, and tells its end once. */
export async function followRun(
  container: Container,
  panel: StudioPanel,
  { simId }: Started,
): Promise<void> {
  panel.show({ view: 'run', simId });
  const { simulations } = (await container.host()).studio;
  const location = vscode.ProgressLocation.Notification;
  const options = { location, cancellable: true, title: 'Mesh-Sim: simulation runs' };
  const end = await vscode.window.withProgress(options, async (_progress, cancellation) => {
    cancellation.onCancellationRequested(() => {
      if (simulations.isRunning(simId)) simulations.cancel(simId);
    });
    return simulations.finished(simId);
  });
  if (end.outcome === 'cancelled') return;
  const text = `${end.outcome.toUpperCase()}: ${end.sentence}`;
  const isPass = end.outcome === 'pass';
  const show = isPass ? vscode.window.showInformationMessage : vscode.window.showWarningMessage;
  const actions = end.runId === undefined ? [] : ['Show Evidence'];
  // Not awaited: the notification may stay for as long as nobody reads it.
  void show(text, ...actions).then((choice) => {
    if (choice !== undefined) panel.show({ view: 'evidence', simId });
  });
}

function requestOf(capsuleHash: string, preset: ChaosPreset): StartRequest {
  const settings = vscode.workspace.getConfiguration('meshSim.simulation');
  return {
    capsuleHash,
    chaos: { preset },
    deadlineMs: settings.get<number>('deadlineMs', 60_000),
    params: { nodes: settings.get<number>('nodes', 5) },
  };
}

async function pickCapsule(container: Container): Promise<string | undefined> {
  const { capsules } = await container.requests.capsules();
  const [only] = capsules;
  if (only === undefined) {
    await vscode.window.showInformationMessage(
      'No Capsule yet: run "Mesh-Sim: Pack Capsule" first.',
    );
    return undefined;
  }
  if (capsules.length === 1) return only.capsuleHash;
  const items = capsules.map(({ name, capsuleHash, packedAt }) => ({
    label: name,
    description: capsuleHash.slice(0, SHORT_HASH),
    detail: packedAt,
    capsuleHash,
  }));
  const title = 'Simulate Mesh: which Capsule?';
  return (await vscode.window.showQuickPick(items, { title }))?.capsuleHash;
}

/** The last choice comes first. */
async function pickPreset(memory: vscode.Memento): Promise<ChaosPreset | undefined> {
  const last = memory.get<ChaosPreset>(LAST_PRESET);
  const others = CHAOS_PRESETS.filter((preset) => preset !== last);
  const presets = last !== undefined && CHAOS_PRESETS.includes(last) ? [last, ...others] : others;
  const items = presets.map((preset) => ({ label: preset, preset }));
  const title = 'Simulate Mesh: which chaos preset?';
  return (await vscode.window.showQuickPick(items, { title }))?.preset;
}
