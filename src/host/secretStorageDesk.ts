import * as vscode from 'vscode';
import type { PassphraseDesk } from './editorPassphrases.ts';

const PREFIX = 'meshSim.vault.';

/** Asks in an input box that stays open when the person looks elsewhere, and remembers in the editor's secret storage. */
export function secretStorageDesk(secrets: vscode.SecretStorage): PassphraseDesk {
  return {
    ask: async (title, problemOf) =>
      vscode.window.showInputBox({
        title,
        password: true,
        ignoreFocusOut: true,
        ...(problemOf === undefined ? {} : { validateInput: problemOf }),
      }),
    remembered: async (scope) => secrets.get(PREFIX + scope),
    remember: async (scope, passphrase) => secrets.store(PREFIX + scope, passphrase),
    forget: async (scope) => secrets.delete(PREFIX + scope),
  };
}
