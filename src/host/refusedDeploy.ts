import * as vscode from 'vscode';
import type { GatePreview } from '../model/deployApi.ts';
import { pickOne } from './pickOne.ts';
import { followRun, type SimulateParts } from './simulateCommand.ts';

type Remedy = 'simulate' | 'break';

interface RemedyItem extends vscode.QuickPickItem {
  readonly remedy?: Remedy;
}

/** What can be done about a refusal, above every reason for it. */
export async function pickRemedy(name: string, preview: GatePreview): Promise<Remedy | undefined> {
  const { needs, reasons, canBreakGlass } = preview;
  const simulate: RemedyItem[] =
    needs === undefined
      ? []
      : [
          {
            label: '$(play) Simulate with the Parameters This Gate Needs',
            detail: `${needs.params.nodes} nodes, ${needs.params.latencyMs.join(' to ')} ms, ${needs.params.packetLoss} % loss, chaos ${needs.chaos.preset}${onHosts(needs)}`,
            remedy: 'simulate',
          },
        ];
  const glass: RemedyItem[] = canBreakGlass
    ? [
        {
          label: '$(flame) Break the Glass…',
          detail: 'Deploys against the gate; signed with your key, and shown in red by every view',
          remedy: 'break',
        },
      ]
    : [];
  const separator: RemedyItem = { label: 'Why', kind: vscode.QuickPickItemKind.Separator };
  const why = reasons.map((reason): RemedyItem => ({ label: `$(error) ${reason}` }));
  const items = [...simulate, ...glass, separator, ...why];
  return (await pickOne(`The gate of ${name} refuses it`, items))?.remedy;
}

function onHosts({ hosts = {} }: NonNullable<GatePreview['needs']>): string {
  const names = [...new Set(Object.values(hosts).flat())];
  return names.length === 0 ? '' : `, nodes on ${names.join(' and ')}`;
}

/** Runs what a gate asks for, and tells what the gate says then; from there one click leads back to the deploy. */
export async function rehearse(
  parts: SimulateParts,
  environment: string,
  needs: NonNullable<GatePreview['needs']>,
  deployAgain: () => Promise<void>,
): Promise<void> {
  const { container, panel, watcher } = parts;
  const { simId } = await container.requests.start(needs);
  watcher.withoutNotification(simId);
  const { outcome, sentence, runId } = await followRun(parts, simId);
  if (outcome === 'cancelled') return;
  const { environments } = await container.requests.environments(needs.capsuleHash);
  const preview = environments.find(({ name }) => name === environment)?.preview;
  const isAllowed = preview?.decision.decision === 'allow';
  const gate = isAllowed
    ? `The gate of ${environment} allows it now.`
    : `The gate of ${environment} refuses it: ${preview?.reasons.join(' ') ?? ''}`;
  const show = isAllowed ? vscode.window.showInformationMessage : vscode.window.showWarningMessage;
  const actions = ['Deploy…', ...(runId === undefined ? [] : ['Show Evidence'])];
  // Not awaited: the notification may stay for as long as nobody reads it.
  void show(`${outcome.toUpperCase()}: ${sentence} ${gate}`, ...actions).then((choice) => {
    if (choice === 'Show Evidence') panel.show({ view: 'evidence', simId });
    if (choice === 'Deploy…') deployAgain().catch((error: unknown) => container.showError(error));
  });
}
