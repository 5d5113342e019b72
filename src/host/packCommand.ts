import * as vscode from 'vscode';
import { MeshSimError } from '../base/errors.ts';
import type { Packed } from '../model/api.ts';
import type { Container } from './container.ts';

/** Packs what the registry names; a tree with uncommitted changes only when the person says so. */
export async function packCapsule(container: Container): Promise<void> {
  const packed = await packOrAsk(container);
  if (packed === undefined) return;
  container.notifyChanged();
  container.log.info(`Packed ${packed.name}: ${packed.capsuleHash}`);
  const text = `Packed ${packed.name}: ${packed.services} services, ${packed.capsuleHash.slice(0, 12)}.`;
  void vscode.window.showInformationMessage(text, 'Simulate Mesh').then((choice) => {
    if (choice === undefined) return;
    void vscode.commands.executeCommand('meshSim.simulateMesh', packed.capsuleHash);
  });
}

async function packOrAsk(container: Container): Promise<Packed | undefined> {
  try {
    return await pack(container, false);
  } catch (error) {
    if (!(error instanceof MeshSimError) || error.code !== 'dirty-tree') throw error;
    const files = error.message.replace(/: commit or stash.*$/, '');
    const text = `${files}. Commit or stash them, or pack a Capsule that no deploy gate accepts.`;
    if ((await vscode.window.showWarningMessage(text, 'Pack Anyway')) === undefined)
      return undefined;
    return pack(container, true);
  }
}

/** Undefined: the person cancelled. */
async function pack(container: Container, allowDirty: boolean): Promise<Packed | undefined> {
  const location = vscode.ProgressLocation.Notification;
  const options = { location, cancellable: true, title: 'Mesh-Sim: packing' };
  return vscode.window.withProgress(options, async (_progress, cancellation) => {
    const controller = new AbortController();
    cancellation.onCancellationRequested(() => controller.abort());
    try {
      const request = { registry: container.registryPath(), allowDirty };
      return await container.requests.pack(request, controller.signal);
    } catch (error) {
      if (controller.signal.aborted) return undefined;
      throw error;
    }
  });
}
