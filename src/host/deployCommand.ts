import * as vscode from 'vscode';
import { MIN_BREAK_GLASS_REASON } from '../model/breakGlass.ts';
import type { EnvironmentState, GatePreview } from '../model/deployApi.ts';
import type { Container } from './container.ts';
import { followDeploy } from './deployProgress.ts';
import { followRun, pickCapsule, type SimulateParts } from './simulateCommand.ts';

const SHORT_HASH = 12;
const NO_ENVIRONMENTS =
  'There is nowhere to deploy to: mesh.environments.json, beside the service registry, names environments (docs/deploy.md).';

/** What a deploy is about; what is left out is asked for. */
export interface DeploySubject {
  readonly capsuleHash?: string;
  readonly environment?: string;
}

/** Shows what each gate says before anything is chosen, and deploys where it allows; where it refuses, all reasons. */
export async function deploy(parts: SimulateParts, subject: DeploySubject = {}): Promise<void> {
  const { container } = parts;
  const capsuleHash =
    subject.capsuleHash ?? (await pickCapsule(container, 'Deploy: which Capsule?'))?.capsuleHash;
  if (capsuleHash === undefined) return;
  const { environments } = await container.requests.environments(capsuleHash);
  const environment = await chooseEnvironment(environments, subject.environment, {
    title: `Deploy ${capsuleHash.slice(0, SHORT_HASH)}: where to?`,
    itemOf: deployItem,
  });
  if (environment === undefined) return;
  const { name, preview } = environment;
  if (preview?.decision.decision !== 'deny') {
    await begin(parts, environment, { environment: name, capsuleHash });
    return;
  }
  const answer = await pickAnswer(name, preview);
  if (answer?.does === 'simulate' && preview.needs !== undefined) {
    await followRun(parts, (await container.requests.start(preview.needs)).simId);
  }
  if (answer?.does === 'break') {
    const breakGlass = await askReason(name);
    if (breakGlass === undefined) return;
    await begin(parts, environment, { environment: name, capsuleHash, breakGlass });
  }
}

/** Goes back to what was deployed before, where something was. */
export async function rollBack({ container, panel }: SimulateParts, named?: string): Promise<void> {
  const { environments } = await container.requests.environments();
  const possible = environments.filter(({ rollsBackTo }) => rollsBackTo !== undefined);
  if (environments.length > 0 && possible.length === 0) {
    const text = 'There is nothing to go back to: nowhere were two Capsules deployed.';
    void vscode.window.showInformationMessage(text);
    return;
  }
  const environment = await chooseEnvironment(possible, named, {
    title: 'Roll back: where?',
    itemOf: rollbackItem,
  });
  if (environment === undefined) return;
  const target = environment.rollsBackTo?.slice(0, SHORT_HASH) ?? '';
  const isMeant = await confirmed(container, environment, `to ${target}`, 'Roll Back');
  if (!isMeant) return;
  const { deployId } = await container.requests.rollBack({ environment: environment.name });
  await followDeploy(container, panel, environment.name, deployId);
}

async function begin(
  { container, panel }: SimulateParts,
  environment: EnvironmentState,
  request: { environment: string; capsuleHash: string; breakGlass?: string },
): Promise<void> {
  const hash = request.capsuleHash.slice(0, SHORT_HASH);
  const against = request.breakGlass === undefined ? '' : ', against its gate';
  if (!(await confirmed(container, environment, `${hash}${against}`, 'Deploy'))) return;
  const { deployId } = await container.requests.deploy(request);
  await followDeploy(container, panel, environment.name, deployId);
}

/** Production is asked about once more: an Enter too many is no decision. */
async function confirmed(
  { dialogs }: Container,
  { name, production, release }: EnvironmentState,
  what: string,
  action: string,
): Promise<boolean> {
  if (!production) return true;
  const active =
    release === undefined
      ? 'Nothing is active there now.'
      : `${release.capsuleHash.slice(0, SHORT_HASH)} is active there now.`;
  return dialogs.confirm(`${action} ${what} in ${name}?`, active, action);
}

interface Choosing {
  readonly title: string;
  readonly itemOf: (environment: EnvironmentState) => vscode.QuickPickItem;
}

async function chooseEnvironment(
  environments: readonly EnvironmentState[],
  named: string | undefined,
  { title, itemOf }: Choosing,
): Promise<EnvironmentState | undefined> {
  if (environments.length === 0) {
    void vscode.window.showInformationMessage(NO_ENVIRONMENTS);
    return undefined;
  }
  if (named !== undefined) return environments.find(({ name }) => name === named);
  const items = environments.map((environment) => ({ ...itemOf(environment), environment }));
  return (await vscode.window.showQuickPick(items, { title }))?.environment;
}

function deployItem({ name, production, release, preview }: EnvironmentState) {
  const isAllowed = preview?.decision.decision === 'allow';
  return {
    label: `$(${isAllowed ? 'pass' : 'circle-slash'}) ${name}`,
    description: [
      isAllowed ? 'ALLOWED' : 'REFUSED',
      ...(production ? ['production'] : []),
      release === undefined
        ? 'nothing active'
        : `${release.capsuleHash.slice(0, SHORT_HASH)} active`,
    ].join(' · '),
    detail: preview?.reasons.join(' ') ?? '',
  };
}

function rollbackItem({ name, production, release, rollsBackTo }: EnvironmentState) {
  return {
    label: name,
    description: [
      ...(production ? ['production'] : []),
      `${release?.capsuleHash.slice(0, SHORT_HASH) ?? ''} → ${rollsBackTo?.slice(0, SHORT_HASH) ?? ''}`,
    ].join(' · '),
  };
}

interface Answer extends vscode.QuickPickItem {
  readonly does?: 'simulate' | 'break';
}

/** What can be done about a refusal, above every reason for it. */
async function pickAnswer(name: string, preview: GatePreview): Promise<Answer | undefined> {
  const { needs, reasons, canBreakGlass } = preview;
  const simulate: Answer[] =
    needs === undefined
      ? []
      : [
          {
            label: '$(play) Simulate with the Parameters This Gate Needs',
            detail: `${needs.params.nodes} nodes, ${needs.params.latencyMs.join(' to ')} ms, ${needs.params.packetLoss} % loss, chaos ${needs.chaos.preset}`,
            does: 'simulate',
          },
        ];
  const glass: Answer[] = canBreakGlass
    ? [{ label: '$(flame) Break the Glass…', detail: 'signed, and shown in red', does: 'break' }]
    : [];
  const separator: Answer = { label: 'Why', kind: vscode.QuickPickItemKind.Separator };
  const why = reasons.map((reason): Answer => ({ label: `$(error) ${reason}` }));
  return vscode.window.showQuickPick([...simulate, ...glass, separator, ...why], {
    title: `The gate of ${name} refuses it`,
  });
}

async function askReason(name: string): Promise<string | undefined> {
  return vscode.window.showInputBox({
    title: `Break the glass of ${name}: why?`,
    prompt: 'The reason is signed with your key and stays in the ledger.',
    ignoreFocusOut: true,
    validateInput: (reason) =>
      reason.trim().length < MIN_BREAK_GLASS_REASON
        ? `At least ${MIN_BREAK_GLASS_REASON} characters.`
        : undefined,
  });
}
