import * as vscode from 'vscode';
import type { NamedSecret, SecretInput } from '../studio/workspace/vaultSecrets.ts';
import type { Container } from './container.ts';
import { pickOne } from './pickOne.ts';

const SIMULATION_SCOPE = 'sim';

/** Stores one secret; its value is typed unseen and never logged. @param known left out: the person is asked */
export async function setSecret(container: Container, known?: NamedSecret): Promise<void> {
  const scope = known?.scope ?? (await askScope(container));
  if (scope === undefined) return;
  const name =
    known?.name ??
    (await ask(container, 'name', {
      title: 'Set Secret: its name, as services name it',
      placeHolder: 'PAYMENTS_KEY',
    }));
  if (name === undefined) return;
  const title = `Set Secret: the value of ${name}`;
  const value = await ask(container, 'value', { title, password: true });
  if (value === undefined) return;
  await (await container.host()).vault.set(scope, new Map([[name, value]]));
  void vscode.window.showInformationMessage(`${name} is stored in the scope "${scope}".`);
}

/** Stores all of a `.env` file, or nothing of it. @param file left out: the person is asked */
export async function importSecrets(container: Container, file?: vscode.Uri): Promise<void> {
  const scope = await askScope(container);
  if (scope === undefined) return;
  const chosen = file ?? (await vscode.window.showOpenDialog({ openLabel: 'Import' }))?.[0];
  if (chosen === undefined) return;
  const sentences = await (await container.host()).importSecrets(scope, chosen.fsPath);
  void vscode.window.showInformationMessage(sentences.join(' '));
}

/** Names and scopes, never values; what is chosen may be set anew or removed. */
export async function listSecrets(container: Container): Promise<void> {
  const secret = await pickSecret(container, 'Secrets of the vault: names, never values');
  if (secret === undefined) return;
  const anew = '$(edit) Set Another Value…';
  const remove = '$(trash) Remove';
  const title = `${secret.name} in the scope "${secret.scope}"`;
  const answer = (await pickOne(title, [{ label: anew }, { label: remove }]))?.label;
  if (answer === anew) await setSecret(container, secret);
  if (answer === remove) await removeFrom(container, secret);
}

export async function removeSecret(container: Container): Promise<void> {
  const secret = await pickSecret(container, 'Remove Secret: which one?');
  if (secret !== undefined) await removeFrom(container, secret);
}

async function pickSecret(container: Container, title: string): Promise<NamedSecret | undefined> {
  const secrets = await (await container.host()).listSecrets();
  if (secrets.length === 0) {
    void vscode.window.showInformationMessage('The vault holds no secret.');
    return undefined;
  }
  const items = secrets.map((secret) => ({
    label: secret.name,
    description: secret.scope,
    secret,
  }));
  return (await pickOne(title, items, { matchOnDescription: true }))?.secret;
}

async function removeFrom(container: Container, { scope, name }: NamedSecret): Promise<void> {
  await (await container.host()).vault.remove(scope, name);
  void vscode.window.showInformationMessage(`${name} is removed from the scope "${scope}".`);
}

/** The vault itself is untouched: its passphrases will be asked for again. */
export async function forgetPassphrases(container: Container): Promise<void> {
  const scopes = await (await container.host()).vault.scopes();
  for (const scope of scopes) await container.passphrases.forget(scope);
  void vscode.window.showInformationMessage("The vault's passphrases are forgotten here.");
}

function askScope(container: Container): Promise<string | undefined> {
  return ask(container, 'scope', {
    title: 'Vault scope: "sim" for simulations, or the name of an environment',
    value: SIMULATION_SCOPE,
  });
}

/** In a box that stays open when the person looks elsewhere, and tells what is wrong while it is typed. */
async function ask(
  container: Container,
  input: SecretInput,
  options: vscode.InputBoxOptions,
): Promise<string | undefined> {
  const host = await container.host();
  return vscode.window.showInputBox({
    ...options,
    ignoreFocusOut: true,
    validateInput: (text) => host.secretInputProblem(input, text),
  });
}
