import * as vscode from 'vscode';

/** Questions that stop everything until they are answered. Replaceable, since an editor under test refuses to show them. */
export interface Dialogs {
  /** @returns whether the person chose to do it */
  confirm(question: string, detail: string, action: string): Promise<boolean>;
}

export function modalDialogs(): Dialogs {
  return {
    confirm: async (question, detail, action) => {
      const options = { modal: true, detail };
      return (await vscode.window.showWarningMessage(question, options, action)) === action;
    },
  };
}
