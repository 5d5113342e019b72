import assert from 'node:assert/strict';
import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { planSchema } from '../../src/model/plan.ts';
import type { Studio } from '../../src/studio/studio.ts';
import { until } from './suite/until.ts';
import { extension, workspaceFolder } from './suite/window.ts';

function openTab<T>(kind: new (...args: never[]) => T): T | undefined {
  const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
  return tabs.map(({ input }) => input).find((input) => input instanceof kind) as T | undefined;
}

async function sealedRun(studio: Studio): Promise<string> {
  await vscode.commands.executeCommand('meshSim.packCapsule');
  const [capsuleHash] = (await studio.workspace.index()).capsuleHashes('');
  const params = { nodes: 2, latencyMs: [1, 2] };
  const plan = planSchema.parse({ capsuleHash, world: 'virtual', params });
  const { simId } = await studio.simulations.start(plan);
  await studio.simulations.finished(simId);
  return simId;
}

describe('host: evidence', () => {
  let studio: Studio;
  let simId: string;

  before(async () => {
    studio = await (await extension().activate()).studio();
    simId = await sealedRun(studio);
  });

  afterEach(() => vscode.commands.executeCommand('workbench.action.closeAllEditors'));

  it('opens any .capsim in the evidence editor, whatever is in it', async () => {
    const file = vscode.Uri.file(path.join(workspaceFolder(), 'garbage.capsim'));
    await writeFile(file.fsPath, 'garbage');

    await vscode.commands.executeCommand('vscode.open', file);

    const input = await until(vscode.window.tabGroups.onDidChangeTabs, () =>
      openTab(vscode.TabInputCustom),
    );
    assert.equal(input.viewType, 'meshSim.evidence');
    await rm(file.fsPath);
  });

  it('exports the signed file and opens it by Verify Evidence File', async () => {
    const file = vscode.Uri.file(path.join(workspaceFolder(), 'exported.capsim'));

    await vscode.commands.executeCommand('meshSim.exportEvidence', simId, file);
    await vscode.commands.executeCommand('meshSim.verifyEvidenceFile', file);

    assert.ok((await stat(file.fsPath)).size > 1_000);
    const input = await until(vscode.window.tabGroups.onDidChangeTabs, () =>
      openTab(vscode.TabInputCustom),
    );
    assert.equal(input.uri.toString(), file.toString());
    await rm(file.fsPath);
  });

  it('exports the chain of trust as a drawing and as JSON', async () => {
    const [capsuleHash] = (await studio.workspace.index()).capsuleHashes('');
    for (const format of ['svg', 'json']) {
      const file = vscode.Uri.file(path.join(workspaceFolder(), `chain.${format}`));

      await vscode.commands.executeCommand('meshSim.exportTrust', { format, capsuleHash }, file);

      const text = await readFile(file.fsPath, 'utf8');
      assert.match(text, format === 'svg' ? /^<svg [^]*Mesh-sim, 2 nodes/ : new RegExp(simId));
      await rm(file.fsPath);
    }
  });

  it('shows the evidence of a run in the Studio', async () => {
    await vscode.commands.executeCommand('meshSim.showEvidence', simId);

    const input = await until(vscode.window.tabGroups.onDidChangeTabs, () =>
      openTab(vscode.TabInputWebview),
    );
    assert.match(input.viewType, /meshSim\.studio$/);
  });

  it('starts a simulation for any row of the timeline, with the preset chosen last', async () => {
    const row = (await studio.workspace.index()).rows().find(({ kind }) => kind === 'sim-started');
    const { leafHash: runId, capsuleHash } = row!;
    const started = new Promise<void>((resolve) => {
      const stop = studio.simulations.onChange(() => {
        stop();
        resolve();
      });
    });

    const simulated = vscode.commands.executeCommand('meshSim.simulateMesh', {
      runId,
      capsuleHash,
    });
    const accept = setInterval(
      () => void vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem'),
      200,
    );
    await started.finally(() => clearInterval(accept));

    const [simId] = studio.simulations.running();
    assert.equal((await studio.simulations.events(simId!)).plan.chaos.preset, 'none');
    await vscode.commands.executeCommand('meshSim.cancelSimulation');
    await simulated;
  });
});
