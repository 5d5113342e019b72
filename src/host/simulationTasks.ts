import path from 'node:path';
import * as vscode from 'vscode';
import type { Container } from './container.ts';
import { PLAN_FILES } from './planFiles.ts';
import { TASK_TYPE, taskArguments, taskName } from './taskArguments.ts';

/** Runs the command line that comes with the extension: a task's exit code is the command's. */
export class SimulationTasks implements vscode.TaskProvider {
  readonly #container: Container;

  constructor(container: Container) {
    this.#container = container;
  }

  /** One for every saved plan. */
  async provideTasks(): Promise<vscode.Task[]> {
    const folder = this.#container.workspaceFolder();
    if (folder === undefined) return [];
    const files = await vscode.workspace.findFiles(PLAN_FILES, '**/node_modules/**');
    return files.map((file) => {
      const plan = path.relative(folder.uri.fsPath, file.fsPath).replaceAll('\\', '/');
      return this.#task({ type: TASK_TYPE, plan }, folder);
    });
  }

  resolveTask({ definition, scope }: vscode.Task): vscode.Task | undefined {
    const folder = typeof scope === 'object' ? scope : this.#container.workspaceFolder();
    return folder === undefined ? undefined : this.#task(definition, folder);
  }

  #task(definition: vscode.TaskDefinition, folder: vscode.WorkspaceFolder): vscode.Task {
    const program = path.join(this.#container.context.extensionPath, 'dist', 'meshSim.cjs');
    // The editor's own executable is Node.js when told so; on a server it is Node.js already.
    const options = { cwd: folder.uri.fsPath, env: { ELECTRON_RUN_AS_NODE: '1' } };
    const args = [program, ...taskArguments(definition)];
    const execution = new vscode.ProcessExecution(process.execPath, args, options);
    const task = new vscode.Task(
      definition,
      folder,
      taskName(definition),
      'mesh-sim',
      execution,
      [],
    );
    task.group = vscode.TaskGroup.Test;
    task.detail = 'Simulate Mesh on the command line';
    return task;
  }
}
