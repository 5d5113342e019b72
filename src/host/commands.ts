import * as vscode from 'vscode';
import { MeshSimError } from '../base/errors.ts';
import type { ProvenanceRun } from '../model/provenanceApi.ts';
import type { TrustExport } from '../model/trustExport.ts';
import { openBrowserPreview } from './browserPreview.ts';
import type { Container } from './container.ts';
import { deploy, rollBack, type DeploySubject } from './deployCommand.ts';
import { exportEvidence, simIdOf, verifyEvidenceFile } from './evidenceCommands.ts';
import { packCapsule } from './packCommand.ts';
import type { ProvenanceTree } from './provenanceTree.ts';
import { followRun, simulateMesh, simulatePlan, type SimulateParts } from './simulateCommand.ts';
import { createRegistry } from './registryDraft.ts';
import { openExample } from './startCommands.ts';
import type { Place } from './studioPanel.ts';
import { exportTrust, pickTrustExport } from './trustExport.ts';
import {
  forgetPassphrases,
  importSecrets,
  listSecrets,
  removeSecret,
  setSecret,
} from './vaultCommands.ts';

export interface CommandParts extends SimulateParts {
  readonly tree: ProvenanceTree;
}

/**
 * A tree row, a Capsule hash or simId, a file of the explorer or a lens, a place in the Studio, what to deploy where or to
 * save; nothing from the palette.
 */
type Target = ProvenanceRun | string | vscode.Uri | Place | DeploySubject | TrustExport | undefined;

type Command = (target: Target, second: unknown) => unknown;

export function registerCommands(parts: CommandParts): vscode.Disposable[] {
  const { container, panel, tree } = parts;
  const commands: Record<string, Command> = {
    simulateMesh: (target) => simulate(parts, target),
    replaySimulation: (target) => replay(parts, target),
    cancelSimulation: () => cancelAll(container),
    packCapsule: () => ifRunnable(container, () => packCapsule(container)),
    openStudio: (target) => panel.show(isPlace(target) ? target : undefined),
    openStudioInBrowserPreview: () => openBrowserPreview(container),
    verifyEvidenceFile: (target) => verifyEvidenceFile(uriOf(target)),
    showEvidence: (target) => showEvidence(parts, target),
    exportEvidence: async (target, destination) => {
      const simId = await simIdOf(container, runOf(target));
      if (simId !== undefined) await exportEvidence(container, simId, uriOf(destination));
    },
    exportTrust: async (target, destination) => {
      const wanted = isTrustExport(target) ? target : await pickTrustExport(container);
      if (wanted !== undefined) await exportTrust(container, wanted, uriOf(destination));
    },
    deploy: (target) => ifRunnable(container, () => deploy(parts, deploySubjectOf(target))),
    rollBack: (target) => ifRunnable(container, () => rollBack(parts, environmentOf(target))),
    copyCapsuleHash: (target) =>
      isRun(target) ? vscode.env.clipboard.writeText(target.capsuleHash) : undefined,
    createRegistry: () => createRegistry(container),
    openExample: (target) => openExample(container, uriOf(target)),
    verifyProvenance: () => tree.askAgain(),
    loadMoreProvenance: () => tree.showOlder(),
    setSecret: () => setSecret(container),
    listSecrets: () => listSecrets(container),
    importSecrets: (target) => importSecrets(container, uriOf(target)),
    removeSecret: () => removeSecret(container),
    forgetPassphrases: () => forgetPassphrases(container),
    showLog: () => container.log.show(),
  };
  return Object.entries(commands).map(([name, run]) =>
    vscode.commands.registerCommand(`meshSim.${name}`, async (target: Target, second: unknown) => {
      try {
        await run(target, second);
      } catch (error) {
        void container.showError(error);
      }
    }),
  );
}

function simulate(parts: SimulateParts, target: Target): Promise<void> {
  return ifRunnable(parts.container, () => {
    if (target instanceof vscode.Uri) return simulatePlan(parts, target);
    if (isRun(target)) return simulateMesh(parts, { runId: target.runId });
    return simulateMesh(parts, typeof target === 'string' ? { capsuleHash: target } : undefined);
  });
}

function replay(parts: SimulateParts, target: Target): Promise<void> {
  const { container } = parts;
  return ifRunnable(container, async () => {
    const simId = await simIdOf(container, runOf(target));
    if (simId === undefined) return;
    await followRun(parts, (await container.requests.replay(simId)).simId);
  });
}

async function cancelAll(container: Container): Promise<void> {
  const { simulations } = (await container.host()).studio;
  const running = simulations.running();
  for (const simId of running) simulations.cancel(simId);
  if (running.length > 0) return;
  void vscode.window.showInformationMessage('No simulation runs in this window.');
}

async function showEvidence({ container, panel }: SimulateParts, target: Target): Promise<void> {
  const simId = await simIdOf(container, runOf(target));
  if (simId !== undefined) panel.show({ view: 'evidence', simId });
}

/** Before anything is asked: questions whose answers lead nowhere are worse than the refusal. */
async function ifRunnable(container: Container, run: () => Promise<void>): Promise<void> {
  const refusal = container.refusal();
  if (refusal !== undefined) throw new MeshSimError('workspace-untrusted', refusal);
  await run();
}

function runOf(target: Target): ProvenanceRun | string | undefined {
  return typeof target === 'string' || isRun(target) ? target : undefined;
}

function isRun(target: Target): target is ProvenanceRun {
  return typeof target === 'object' && 'runId' in target && 'capsuleHash' in target;
}

function isPlace(target: Target): target is Place {
  return typeof target === 'object' && 'view' in target && !('kind' in target);
}

function isTrustExport(target: Target): target is TrustExport {
  return typeof target === 'object' && 'format' in target;
}

function deploySubjectOf(target: Target): DeploySubject | undefined {
  if (typeof target === 'string') return { capsuleHash: target };
  if (isRun(target)) return { capsuleHash: target.capsuleHash };
  if (isTrustExport(target)) return undefined;
  const isSubject =
    typeof target === 'object' && ('capsuleHash' in target || 'environment' in target);
  return isSubject ? target : undefined;
}

/** By its name, or that of the row of a deploy. */
function environmentOf(target: Target): string | undefined {
  if (isRun(target)) return target.environment;
  return typeof target === 'string' ? target : undefined;
}

function uriOf(target: unknown): vscode.Uri | undefined {
  return target instanceof vscode.Uri ? target : undefined;
}
