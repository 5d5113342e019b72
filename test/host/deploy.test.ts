import assert from 'node:assert/strict';
import { mkdtemp, readlink, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { planSchema } from '../../src/model/plan.ts';
import { environmentStates } from '../../src/studio/deploy/environmentStates.ts';
import type { Studio } from '../../src/studio/studio.ts';
import { extension, workspaceFolder } from './suite/window.ts';

/** What the production gate of these tests asks for, but for an idle machine. */
const REHEARSAL = {
  params: { nodes: 2, latencyMs: [1, 5] as [number, number], packetLoss: 1 },
  chaos: { preset: 'crash-mid-deploy' as const },
};

describe('host: deploy', () => {
  let studio: Studio;
  let targets: string;
  let capsuleHash: string;
  const asked: string[] = [];
  let answer = true;

  before(async () => {
    const api = await extension().activate();
    studio = await api.studio();
    api.answerWith({
      confirm: (question) => {
        asked.push(question);
        return Promise.resolve(answer);
      },
    });
    targets = await mkdtemp(path.join(tmpdir(), 'deploy-'));
    const target = (name: string) => ({ kind: 'directory', path: path.join(targets, name) });
    const environments = {
      staging: { target: target('staging') },
      production: {
        production: true,
        gate: { allowDegraded: true, minNodes: 2 },
        target: target('production'),
      },
    };
    const file = path.join(workspaceFolder(), 'mesh.environments.json');
    await writeFile(file, JSON.stringify({ environments }));
    await vscode.commands.executeCommand('meshSim.packCapsule');
    capsuleHash = (await studio.workspace.index()).capsuleHashes('')[0] ?? '';
  });

  after(async () => {
    await rm(path.join(workspaceFolder(), 'mesh.environments.json'));
    await rm(targets, { recursive: true, force: true });
  });

  const deploy = (environment: string): Thenable<void> =>
    vscode.commands.executeCommand('meshSim.deploy', { capsuleHash, environment });
  const activeIn = async (environment: string): Promise<string | undefined> =>
    readlink(path.join(targets, environment, 'current')).then(
      (target) => path.basename(target),
      () => undefined,
    );

  it('deploys where no rehearsal is asked for without a question', async () => {
    await deploy('staging');
    assert.equal(await activeIn('staging'), capsuleHash);
    assert.deepEqual(asked, []);
  });

  it('deploys to production once it is rehearsed, and only when the person confirms it', async () => {
    const plan = planSchema.parse({ capsuleHash, ...REHEARSAL });
    const { simId } = await studio.simulations.start(plan);
    assert.equal((await studio.simulations.finished(simId)).outcome, 'pass');

    answer = false;
    await deploy('production');
    assert.equal(await activeIn('production'), undefined);
    answer = true;
    await deploy('production');

    assert.equal(await activeIn('production'), capsuleHash);
    const question = `Deploy ${capsuleHash.slice(0, 12)} to production?`;
    assert.deepEqual(asked, [question, question]);
    const { environments } = await environmentStates(studio, undefined);
    const release = environments.find(({ name }) => name === 'production')?.release;
    assert.equal(release?.capsuleHash, capsuleHash);
  });

  it('marks an endpoint pattern that would match every host', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'environments-'));
    const file = path.join(folder, 'mesh.environments.json');
    const target = { kind: 'directory', path: 'x' };
    await writeFile(file, JSON.stringify({ environments: { one: { endpoints: ['*'], target } } }));
    const document = await vscode.workspace.openTextDocument(file);
    await vscode.window.showTextDocument(document);
    const found = await firstProblem(document.uri);
    assert.match(found.message, /^Matches every host/);
    assert.equal(document.getText(found.range), '"*"');
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await rm(folder, { recursive: true });
  });
});

/** Of the extension; the test's limit ends the wait. */
function firstProblem(uri: vscode.Uri): Promise<vscode.Diagnostic> {
  return new Promise((resolve) => {
    const look = (): void => {
      const all = vscode.languages.getDiagnostics(uri);
      const found = all.find(({ source }) => source === 'Mesh-Sim');
      if (found === undefined) return;
      listener.dispose();
      resolve(found);
    };
    const listener = vscode.languages.onDidChangeDiagnostics(look);
    look();
  });
}
