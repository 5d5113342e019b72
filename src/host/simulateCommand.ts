import * as vscode from 'vscode';
import type { CapsuleSummary, StartRequest, StreamEnd } from '../model/api.ts';
import { CHAOS_PRESETS, type ChaosPreset } from '../model/presets.ts';
import type { Container } from './container.ts';
import { pickOne } from './pickOne.ts';
import { runDefaults } from './runDefaults.ts';
import type { RunWatcher } from './runWatcher.ts';
import type { StudioPanel } from './studioPanel.ts';

const LAST_PRESET = 'meshSim.lastPreset';
const LAST_CAPSULE = 'meshSim.lastCapsule';
const SHORT_HASH = 12;

/** What a simulation is about: a Capsule, or that of any provenance run. */
export type Subject = Pick<StartRequest, 'capsuleHash' | 'runId'>;

/** The setting `meshSim.studio.openOnRun`. */
type OpenOnRun = 'active' | 'beside' | 'never';

export interface SimulateParts {
  readonly container: Container;
  readonly panel: StudioPanel;
  readonly watcher: RunWatcher;
}

/** Asks for what `subject` leaves open, runs it, and does nothing when the person backs out. */
export async function simulateMesh(parts: SimulateParts, subject?: Subject): Promise<void> {
  const { container } = parts;
  const chosen = subject ?? (await pickCapsule(container, 'Simulate Mesh: which Capsule?'));
  if (chosen === undefined) return;
  const preset = await pickPreset(container.context.workspaceState);
  if (preset === undefined) return;
  await startAndFollow(parts, { ...chosen, ...runDefaults(), chaos: { preset } });
}

/** Runs a saved plan as it stands. @throws MeshSimError `plan-invalid` and as the start of a run */
export async function simulatePlan(parts: SimulateParts, file: vscode.Uri): Promise<void> {
  await startAndFollow(parts, await readPlan(parts.container, file));
}

/** What an open editor shows counts, saved or not. @throws MeshSimError `plan-invalid` */
export async function readPlan(container: Container, file: vscode.Uri): Promise<StartRequest> {
  const document = await vscode.workspace.openTextDocument(file);
  const name = vscode.workspace.asRelativePath(file);
  return (await container.host()).planRequest(document.getText(), name);
}

async function startAndFollow(parts: SimulateParts, request: StartRequest): Promise<void> {
  const { simId } = await parts.container.requests.start(request);
  await followRun(parts, simId);
}

/** Shows the Studio on the run, as the setting says, and its progress until it ends; resolves with its end. */
export async function followRun(
  { panel, watcher }: SimulateParts,
  simId: string,
): Promise<StreamEnd> {
  const opens = vscode.workspace
    .getConfiguration('meshSim.studio')
    .get<OpenOnRun>('openOnRun', 'active');
  const column = opens === 'beside' ? vscode.ViewColumn.Beside : vscode.ViewColumn.Active;
  if (opens !== 'never') panel.show({ view: 'run', simId }, column);
  return watcher.showProgress(simId);
}

export async function pickCapsule(
  container: Container,
  title: string,
): Promise<{ capsuleHash: string } | undefined> {
  const { capsules } = await container.requests.capsules();
  const [only] = capsules;
  if (only === undefined) {
    const text = 'There is no Capsule yet: pack the services of this workspace first.';
    const choice = await vscode.window.showInformationMessage(text, 'Pack Capsule');
    if (choice !== undefined) await vscode.commands.executeCommand('meshSim.packCapsule');
    return undefined;
  }
  if (capsules.length === 1) return { capsuleHash: only.capsuleHash };
  const memory = container.context.workspaceState;
  const items = lastFirst(
    capsules,
    ({ capsuleHash }) => capsuleHash === memory.get(LAST_CAPSULE),
  ).map(capsuleItem);
  const capsuleHash = (await pickOne(title, items, { matchOnDescription: true }))?.capsuleHash;
  if (capsuleHash === undefined) return undefined;
  await memory.update(LAST_CAPSULE, capsuleHash);
  return { capsuleHash };
}

function capsuleItem({ name, capsuleHash, packedAt, isDirty }: CapsuleSummary) {
  return {
    label: name,
    description: `${capsuleHash.slice(0, SHORT_HASH)}${isDirty ? ', dirty tree' : ''}`,
    detail: `packed ${new Date(packedAt).toLocaleString()}`,
    capsuleHash,
  };
}

async function pickPreset(memory: vscode.Memento): Promise<ChaosPreset | undefined> {
  const presets = lastFirst(CHAOS_PRESETS, (preset) => preset === memory.get(LAST_PRESET));
  const items = presets.map((preset) => ({ label: preset, preset }));
  const preset = (await pickOne('Simulate Mesh: which chaos preset?', items))?.preset;
  if (preset !== undefined) await memory.update(LAST_PRESET, preset);
  return preset;
}

/** The last choice comes first: Enter repeats it. */
function lastFirst<T>(choices: readonly T[], isLast: (choice: T) => boolean): T[] {
  return [...choices.filter(isLast), ...choices.filter((choice) => !isLast(choice))];
}
