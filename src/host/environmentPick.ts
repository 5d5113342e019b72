import * as vscode from 'vscode';
import type { EnvironmentState } from '../model/deployApi.ts';
import { pickOne } from './pickOne.ts';

const SHORT_HASH = 12;

const NO_ENVIRONMENTS =
  'There is nowhere to deploy to: mesh.environments.json, beside the service registry, names environments (docs/deploy.md).';

export interface Choosing {
  readonly title: string;
  readonly itemOf: (environment: EnvironmentState) => vscode.QuickPickItem;
}

/** The one that is named, or the one the person picks. Undefined: the person backed out, or there is none. */
export async function pickEnvironment(
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
  return (await pickOne(title, items))?.environment;
}

export function deployItem({ name, production, release, preview }: EnvironmentState) {
  const isAllowed = preview?.decision.decision === 'allow';
  return {
    label: `$(${isAllowed ? 'pass' : 'circle-slash'}) ${name}`,
    description: [
      isAllowed ? 'ALLOWED' : 'REFUSED',
      ...(production ? ['production'] : []),
      `${release === undefined ? 'nothing' : short(release.capsuleHash)} active by the ledger`,
    ].join(' · '),
    detail: preview?.reasons.join(' ') ?? '',
  };
}

export function rollbackItem({ name, production, release, rollsBackTo }: EnvironmentState) {
  return {
    label: name,
    description: [
      ...(production ? ['production'] : []),
      `${short(release?.capsuleHash)} → ${short(rollsBackTo)}`,
    ].join(' · '),
  };
}

/** What a question about an environment says of it: nothing looks at the target before the answer. */
export function activeSentence({ release }: EnvironmentState): string {
  return release === undefined
    ? 'By the ledger, nothing is active there now.'
    : `By the ledger, ${short(release.capsuleHash)} is active there now.`;
}

export function short(hash = ''): string {
  return hash.slice(0, SHORT_HASH);
}
