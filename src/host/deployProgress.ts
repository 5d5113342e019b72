import * as vscode from 'vscode';
import type { DeployEnd } from '../model/deployApi.ts';
import type { Container } from './container.ts';
import type { StudioPanel } from './studioPanel.ts';

const WORDS: Record<DeployEnd['status'], string> = {
  deployed: 'DEPLOYED',
  'rolled-back': 'ROLLED BACK',
  unchanged: 'UNCHANGED',
  failed: 'FAILED',
  cancelled: 'CANCELLED',
};

export interface FollowedDeploy {
  readonly does: 'deploy' | 'roll back';
  readonly deployId: string;
}

/** Shows the steps of a deploy, which can be cancelled, until it ends, and tells the end once. */
export async function followDeploy(
  container: Container,
  panel: StudioPanel,
  environment: string,
  { does, deployId }: FollowedDeploy,
): Promise<void> {
  const title = `Mesh-Sim: ${does === 'deploy' ? 'deploying to' : 'rolling back'} ${environment}`;
  const end = await showSteps(container, title, deployId);
  container.notifyChanged();
  if (end === undefined) return;
  const { status, sentence, runId } = end;
  container.log.info(`Deploy to ${environment}: ${status}. ${sentence}`);
  const isDone = status !== 'failed' && status !== 'cancelled';
  const show = isDone ? vscode.window.showInformationMessage : vscode.window.showWarningMessage;
  const actions = runId === undefined ? [] : ['Show Chain of Trust'];
  // Not awaited: the notification may stay for as long as nobody reads it.
  void show(`${WORDS[status]} ${environment}: ${sentence}`, ...actions).then((choice) => {
    if (choice !== undefined && runId !== undefined) panel.show({ view: 'trust', runId });
  });
}

async function showSteps(
  container: Container,
  title: string,
  deployId: string,
): Promise<DeployEnd | undefined> {
  const { deploys } = (await container.host()).studio;
  const location = vscode.ProgressLocation.Notification;
  const options = { location, cancellable: true, title };
  return vscode.window.withProgress(options, async (progress, cancellation) => {
    const live = deploys.find(deployId);
    cancellation.onCancellationRequested(() => {
      if (live.end === undefined) deploys.cancel(deployId);
    });
    for await (const { event } of live.events(0, new AbortController().signal)) {
      if (event.type === 'started') progress.report({ message: event.step });
      if (event.type === 'step') container.log.info(`${event.step}: ${event.sentence}`);
      if (event.type === 'log') container.log.info(event.line);
    }
    return live.end;
  });
}
