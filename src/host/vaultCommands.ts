import * as vscode from 'vscode';
import type { Container } from './container.ts';

const SIMULATION_SCOPE = 'sim';

/** Stores one secret; its value is typed unseen and never logged. */
export async function setSecret(container: Container): Promise<void> {
  const scope = await askScope();
  if (scope === undefined) return;
  const name = await vscode.window.showInputBox({
    title: 'Set Secret: its name, as services name it',
    placeHolder: 'PAYMENTS_KEY',
    ignoreFocusOut: true,
  });
  if (name === undefined || name === '') return;
  const value = await vscode.window.showInputBox({
    title: `Set Secret: the value of ${name}`,
    password: true,
    ignoreFocusOut: true,
  });
  if (value === undefined) return;
  await (await container.host()).vault.set(scope, new Map([[name, value]]));
  void vscode.window.showInformationMessage(`${name} is stored in the scope "${scope}".`);
}

/** Stores all of a `.env` file, or nothing of it. @param file left out: the person is asked */
export async function importSecrets(container: Container, file?: vscode.Uri): Promise<void> {
  const scope = await askScope();
  if (scope === undefined) return;
  const chosen = file ?? (await vscode.window.showOpenDialog({ openLabel: 'Import' }))?.[0];
  if (chosen === undefined) return;
  const names = await (await container.host()).importSecrets(scope, chosen.fsPath);
  const text = `Stored in the scope "${scope}": ${names.join(', ')}.`;
  void vscode.window.showInformationMessage(text);
}

export async function removeSecret(container: Container): Promise<void> {
  const host = await container.host();
  const secrets = await host.listSecrets();
  if (secrets.length === 0) {
    void vscode.window.showInformationMessage('The vault holds no secret.');
    return;
  }
  const items = secrets.map(({ scope, name }) => ({ label: name, description: scope, scope }));
  const title = 'Remove Secret: which one?';
  const chosen = await vscode.window.showQuickPick(items, { title });
  if (chosen !== undefined) await host.vault.remove(chosen.scope, chosen.label);
}

/** The vault itself is untouched: its passphrases will be asked for again. */
export async function forgetPassphrases(container: Container): Promise<void> {
  const scopes = await (await container.host()).vault.scopes();
  for (const scope of scopes) await container.passphrases.forget(scope);
  void vscode.window.showInformationMessage("The vault's passphrases are forgotten here.");
}

async function askScope(): Promise<string | undefined> {
  return vscode.window.showInputBox({
    title: 'Vault scope: "sim" for simulations, or the name of an environment',
    value: SIMULATION_SCOPE,
    ignoreFocusOut: true,
  });
}
