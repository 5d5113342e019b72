import * as vscode from 'vscode';
import { messageOf } from '../base/errors.ts';
import type { Container } from './container.ts';
import { PLAN_FILES, planLabel } from './planFiles.ts';
import type { RunWatcher } from './runWatcher.ts';
import { readPlan } from './simulateCommand.ts';

/** The first line: a run that failed says where in the mesh, not where in the plan. */
const PLAN_START = new vscode.Range(0, 0, 0, 0);

/** Every saved plan as a test that passes or fails with its run. */
export class PlanTests {
  readonly #container: Container;
  readonly #watcher: RunWatcher;
  readonly #controller = vscode.tests.createTestController('meshSim.plans', 'Mesh-Sim plans');
  readonly #files = vscode.workspace.createFileSystemWatcher(PLAN_FILES, false, true, false);

  constructor(container: Container, watcher: RunWatcher) {
    this.#container = container;
    this.#watcher = watcher;
    const { Run } = vscode.TestRunProfileKind;
    this.#controller.createRunProfile(
      'Simulate Mesh',
      Run,
      (request, cancellation) => this.#run(request, cancellation),
      true,
    );
    this.#controller.refreshHandler = () => this.#discover();
    this.#controller.resolveHandler = async (item) => {
      if (item === undefined) await this.#discover();
    };
    this.#files.onDidCreate((file) => this.#add(file));
    this.#files.onDidDelete((file) => this.#controller.items.delete(file.toString()));
  }

  dispose(): void {
    this.#files.dispose();
    this.#controller.dispose();
  }

  async #discover(): Promise<void> {
    const files = await vscode.workspace.findFiles(PLAN_FILES, '**/node_modules/**');
    this.#controller.items.replace([]);
    for (const file of files) this.#add(file);
  }

  #add(file: vscode.Uri): void {
    const label = planLabel(vscode.workspace.asRelativePath(file));
    const item = this.#controller.createTestItem(file.toString(), label, file);
    item.range = PLAN_START;
    this.#controller.items.add(item);
  }

  /** One after the other: two rehearsals on one machine would disturb each other's timing. */
  async #run(
    request: vscode.TestRunRequest,
    cancellation: vscode.CancellationToken,
  ): Promise<void> {
    const run = this.#controller.createTestRun(request);
    const excluded = new Set(request.exclude ?? []);
    const all = [...this.#controller.items].map(([, item]) => item);
    const items = (request.include ?? all).filter((item) => !excluded.has(item));
    for (const item of items) run.enqueued(item);
    try {
      for (const item of items) {
        if (cancellation.isCancellationRequested) run.skipped(item);
        else await this.#runOne(run, item, cancellation);
      }
    } finally {
      run.end();
    }
  }

  async #runOne(
    run: vscode.TestRun,
    item: vscode.TestItem,
    cancellation: vscode.CancellationToken,
  ): Promise<void> {
    const startedAt = performance.now();
    run.started(item);
    try {
      const { outcome, sentence } = await this.#simulate(run, item, cancellation);
      const duration = performance.now() - startedAt;
      if (outcome === 'pass') run.passed(item, duration);
      else if (outcome === 'fail') run.failed(item, messageAt(item, sentence), duration);
      else if (outcome === 'cancelled') run.skipped(item);
      else run.errored(item, messageAt(item, sentence), duration);
    } catch (error) {
      run.errored(item, messageAt(item, messageOf(error)));
    }
  }

  async #simulate(
    run: vscode.TestRun,
    item: vscode.TestItem,
    cancellation: vscode.CancellationToken,
  ) {
    if (item.uri === undefined) throw new Error(`${item.label} has no file.`);
    const request = await readPlan(this.#container, item.uri);
    const { simId } = await this.#container.requests.start(request);
    this.#watcher.withoutNotification(simId);
    run.appendOutput(`Simulation ${simId}\r\n`, undefined, item);
    const { simulations } = (await this.#container.host()).studio;
    const cancel = () => {
      if (simulations.isRunning(simId)) simulations.cancel(simId);
    };
    if (cancellation.isCancellationRequested) cancel();
    const subscription = cancellation.onCancellationRequested(cancel);
    try {
      const end = await simulations.finished(simId);
      const text = `${end.outcome.toUpperCase()}: ${end.sentence}\r\n`;
      run.appendOutput(text, undefined, item);
      return end;
    } finally {
      subscription.dispose();
    }
  }
}

function messageAt(item: vscode.TestItem, sentence: string): vscode.TestMessage {
  const message = new vscode.TestMessage(sentence);
  if (item.uri !== undefined) message.location = new vscode.Location(item.uri, PLAN_START);
  return message;
}
