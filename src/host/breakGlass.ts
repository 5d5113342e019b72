import * as vscode from 'vscode';
import { reasonProblem } from '../model/breakGlass.ts';
import type { EnvironmentState, GatePreview } from '../model/deployApi.ts';
import type { Container } from './container.ts';
import { activeSentence } from './environmentPick.ts';

/** Why a gate is to be overridden. Undefined: the person backed out. */
export async function glassReason(environment: string): Promise<string | undefined> {
  const reason = await vscode.window.showInputBox({
    title: `Break the glass of ${environment}: why?`,
    prompt: 'The reason is signed with your key and stays in the ledger.',
    ignoreFocusOut: true,
    validateInput: (text) => {
      const problem = reasonProblem(text.trim());
      return problem === undefined ? undefined : `The reason ${problem}.`;
    },
  });
  return reason?.trim();
}

/** Asked wherever a gate is overridden, production or not, with everything that is overridden. */
export async function confirmedGlass(
  { dialogs }: Container,
  environment: EnvironmentState,
  { reasons }: GatePreview,
  reason: string,
): Promise<boolean> {
  const detail = [
    'Its gate refuses this Capsule:',
    ...reasons.map((one) => `• ${one}`),
    '',
    `Your reason: ${reason}`,
    'It is signed with your key, stays in the ledger for good, and every view shows it in red.',
    '',
    activeSentence(environment),
  ].join('\n');
  return dialogs.confirm(`Break the glass of ${environment.name}?`, detail, 'Break the Glass');
}
