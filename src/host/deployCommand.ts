import * as vscode from 'vscode';
import type { EnvironmentState } from '../model/deployApi.ts';
import { confirmedGlass, glassReason } from './breakGlass.ts';
import type { Container } from './container.ts';
import { followDeploy } from './deployProgress.ts';
import {
  activeSentence,
  deployItem,
  pickEnvironment,
  rollbackItem,
  short,
} from './environmentPick.ts';
import { pickRemedy, rehearse } from './refusedDeploy.ts';
import { pickCapsule, type SimulateParts } from './simulateCommand.ts';

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
  const environment = await pickEnvironment(environments, subject.environment, {
    title: `Deploy ${short(capsuleHash)}: where to?`,
    itemOf: deployItem,
  });
  if (environment === undefined) return;
  const { name, preview } = environment;
  if (preview?.decision.decision !== 'deny') {
    const question = `Deploy ${short(capsuleHash)} to ${name}?`;
    const isMeant = await confirmed(container, environment, question, 'Deploy');
    if (isMeant) await begin(parts, { environment: name, capsuleHash });
    return;
  }
  const remedy = await pickRemedy(name, preview);
  if (remedy === 'simulate' && preview.needs !== undefined) {
    const again = (): Promise<void> => deploy(parts, { capsuleHash, environment: name });
    await rehearse(parts, name, preview.needs, again);
  }
  if (remedy === 'break') {
    const breakGlass = await glassReason(name);
    if (breakGlass === undefined) return;
    const isMeant = await confirmedGlass(container, environment, preview, breakGlass);
    if (isMeant) await begin(parts, { environment: name, capsuleHash, breakGlass });
  }
}

/** Goes back to what was deployed before, where something was. */
export async function rollBack({ container, panel }: SimulateParts, named?: string): Promise<void> {
  const { environments } = await container.requests.environments();
  const possible = environments.filter(({ rollsBackTo }) => rollsBackTo !== undefined);
  const isPossible = possible.some(({ name }) => named === undefined || name === named);
  if (environments.length > 0 && !isPossible) {
    const where =
      named === undefined
        ? 'nowhere were two Capsules deployed'
        : `no two Capsules were deployed to ${named}`;
    void vscode.window.showInformationMessage(`There is nothing to go back to: ${where}.`);
    return;
  }
  const environment = await pickEnvironment(possible, named, {
    title: 'Roll back: where?',
    itemOf: rollbackItem,
  });
  if (environment === undefined) return;
  const { name, rollsBackTo } = environment;
  const question = `Roll ${name} back to ${short(rollsBackTo)}?`;
  const isMeant = await confirmed(container, environment, question, 'Roll Back');
  if (!isMeant) return;
  const { deployId } = await container.requests.rollBack({ environment: name });
  await followDeploy(container, panel, name, { does: 'roll back', deployId });
}

async function begin(
  { container, panel }: SimulateParts,
  request: { environment: string; capsuleHash: string; breakGlass?: string },
): Promise<void> {
  const { deployId } = await container.requests.deploy(request);
  await followDeploy(container, panel, request.environment, { does: 'deploy', deployId });
}

/** Production is asked about once more: an Enter too many is no decision. */
async function confirmed(
  { dialogs }: Container,
  environment: EnvironmentState,
  question: string,
  action: string,
): Promise<boolean> {
  if (!environment.production) return true;
  return dialogs.confirm(question, activeSentence(environment), action);
}
