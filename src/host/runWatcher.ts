import * as vscode from 'vscode';
import { messageOf } from '../base/errors.ts';
import type { StreamEnd } from '../model/api.ts';
import type { Container } from './container.ts';
import type { ReadyCount } from './readyCounts.ts';
import type { StudioHost } from './studioHost.ts';
import type { StudioPanel } from './studioPanel.ts';

interface Watched extends ReadyCount {
  readonly simId: string;
}

/**
 * Follows every run of this window, whoever started it: one status bar item while something runs, the log, and one
 * notification at the end.
 */
export class RunWatcher {
  readonly #container: Container;
  readonly #panel: StudioPanel;
  readonly #item = vscode.window.createStatusBarItem(
    'meshSim.runs',
    vscode.StatusBarAlignment.Left,
  );
  readonly #counted = new vscode.EventEmitter<Watched>();
  /** The newest count of every run that goes on. */
  readonly #watched = new Map<string, ReadyCount | undefined>();
  readonly #told = new Set<string>();
  readonly #closing = new AbortController();
  readonly #subscription: vscode.Disposable;

  constructor(container: Container, panel: StudioPanel) {
    this.#container = container;
    this.#panel = panel;
    this.#item.name = 'Mesh-Sim runs';
    this.#subscription = container.onRuns((host) => {
      for (const simId of host.studio.simulations.running()) void this.#watch(host, simId);
    });
  }

  /** Of a run whose end is told elsewhere, such as in the Test Explorer. */
  withoutNotification(simId: string): void {
    this.#told.add(simId);
  }

  /** Shows progress that cancels the run; resolves with its end. */
  async showProgress(simId: string): Promise<StreamEnd> {
    const { simulations } = (await this.#container.host()).studio;
    const location = vscode.ProgressLocation.Notification;
    const options = { location, cancellable: true, title: 'Mesh-Sim: simulation runs' };
    return vscode.window.withProgress(options, async (progress, cancellation) => {
      cancellation.onCancellationRequested(() => {
        if (simulations.isRunning(simId)) simulations.cancel(simId);
      });
      const report = (count: ReadyCount) => progress.report({ message: readyText(count) });
      const counts = this.#counted.event((count) => {
        if (count.simId === simId) report(count);
      });
      const known = this.#watched.get(simId);
      if (known !== undefined) report(known);
      try {
        return await simulations.finished(simId);
      } finally {
        counts.dispose();
      }
    });
  }

  dispose(): void {
    this.#closing.abort();
    this.#subscription.dispose();
    this.#counted.dispose();
    this.#item.dispose();
  }

  async #watch(host: StudioHost, simId: string): Promise<void> {
    if (this.#watched.has(simId)) return;
    this.#watched.set(simId, undefined);
    const { log } = this.#container;
    log.info(`Simulation ${simId} started.`);
    void vscode.commands.executeCommand('setContext', 'meshSim.isRunning', true);
    try {
      for await (const count of host.ready(simId, this.#closing.signal)) {
        this.#watched.set(simId, count);
        this.#show(simId, count);
        this.#counted.fire({ simId, ...count });
      }
      const end = await host.studio.simulations.finished(simId);
      log.info(`Simulation ${simId} ended: ${end.outcome}. ${end.sentence}`);
      this.#tell(end);
    } catch (error) {
      log.error(`Simulation ${simId}: ${messageOf(error)}`);
    } finally {
      this.#watched.delete(simId);
      if (this.#watched.size === 0) {
        this.#item.hide();
        void vscode.commands.executeCommand('setContext', 'meshSim.isRunning', false);
      }
    }
  }

  #show(simId: string, count: ReadyCount): void {
    this.#item.text = `$(sync~spin) ${readyText(count)}`;
    this.#item.tooltip = 'Mesh-Sim: a simulation runs. Click to watch it in the Studio.';
    const place = { view: 'run', simId };
    const title = 'Open Studio';
    this.#item.command = { title, command: 'meshSim.openStudio', arguments: [place] };
    this.#item.show();
  }

  #tell({ simId, outcome, sentence, runId }: StreamEnd): void {
    if (this.#told.delete(simId) || outcome === 'cancelled') return;
    const isPass = outcome === 'pass';
    const show = isPass ? vscode.window.showInformationMessage : vscode.window.showWarningMessage;
    const actions = runId === undefined ? [] : ['Show Evidence'];
    // Not awaited: the notification may stay for as long as nobody reads it.
    void show(`${outcome.toUpperCase()}: ${sentence}`, ...actions).then((choice) => {
      if (choice !== undefined) this.#panel.show({ view: 'evidence', simId });
    });
  }
}

function readyText({ ready, nodes }: ReadyCount): string {
  return `READY ${ready}/${nodes}`;
}
