import assert from 'node:assert/strict';
import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import type { Studio } from '../../src/studio/studio.ts';
import { extension, workspaceFolder } from './suite/window.ts';

const PLAN = 'quick.meshplan.json';

async function exitCodeOf(task: vscode.Task): Promise<number | undefined> {
  const ended = new Promise<number | undefined>((resolve) => {
    const subscription = vscode.tasks.onDidEndTaskProcess(({ execution, exitCode }) => {
      if (execution.task.name !== task.name) return;
      subscription.dispose();
      resolve(exitCode);
    });
  });
  await vscode.tasks.executeTask(task);
  return ended;
}

async function simulations(studio: Studio): Promise<number> {
  const rows = (await studio.workspace.index()).rows();
  return rows.filter(({ kind }) => kind === 'sim-result').length;
}

describe('host: tasks and tests', () => {
  let studio: Studio;
  let file: string;

  before(async () => {
    studio = await (await extension().activate()).studio();
    await vscode.commands.executeCommand('meshSim.packCapsule');
    const [capsuleHash] = (await studio.workspace.index()).capsuleHashes('');
    file = path.join(workspaceFolder(), PLAN);
    const params = { nodes: 3, latencyMs: [1, 2] };
    await writeFile(file, JSON.stringify({ capsuleHash, world: 'virtual', params }));
  });

  after(() => rm(file, { force: true }));

  it("runs a saved plan as a task that ends with the command line's exit code", async () => {
    const tasks = await vscode.tasks.fetchTasks({ type: 'mesh-sim' });
    const task = tasks.find(({ definition }) => definition.plan === PLAN);
    assert.ok(task, 'there is no task for the plan');
    const before = await simulations(studio);

    assert.equal(await exitCodeOf(task), 0);

    assert.equal(await simulations(studio), before + 1);
  });

  it('ends a task that names no Capsule of this workspace with bad input', async () => {
    const definition = { type: 'mesh-sim', capsule: 'ffffffff' };
    const [folder] = vscode.workspace.workspaceFolders!;
    const bare = new vscode.Task(definition, folder!, 'unknown', 'mesh-sim');
    const [known] = await vscode.tasks.fetchTasks({ type: 'mesh-sim' });
    const { process, args, options } = known!.execution as vscode.ProcessExecution;
    const program = [args[0]!, '--capsule', definition.capsule];
    bare.execution = new vscode.ProcessExecution(process, program, options);

    assert.equal(await exitCodeOf(bare), 2);
  });

  it('runs a saved plan as a test of the Test Explorer', async () => {
    const before = await simulations(studio);

    await vscode.commands.executeCommand('testing.refreshTests');
    await vscode.commands.executeCommand('testing.runAll');

    assert.equal(await simulations(studio), before + 1);
  });
});
