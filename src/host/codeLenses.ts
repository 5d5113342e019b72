import * as vscode from 'vscode';
import type { Container } from './container.ts';
import { kindOf } from './fileDiagnostics.ts';

const FIRST_LINE = new vscode.Range(0, 0, 0, 0);

/** What can be done with a registry or a plan, above its first line. */
export class CodeLenses implements vscode.CodeLensProvider {
  readonly #container: Container;
  readonly onDidChangeCodeLenses = vscode.workspace.onDidGrantWorkspaceTrust;

  constructor(container: Container) {
    this.#container = container;
  }

  provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    if (!vscode.workspace.isTrusted) return [];
    switch (kindOf(this.#container, document)) {
      case 'registry':
        return [
          lens('$(package) Pack Capsule', 'meshSim.packCapsule'),
          lens('$(play) Simulate Mesh', 'meshSim.simulateMesh'),
        ];
      case 'plan':
        return [lens('$(play) Simulate Mesh', 'meshSim.simulateMesh', document.uri)];
      case 'environments':
      case 'hosts':
      case undefined:
        return [];
    }
  }
}

function lens(title: string, command: string, ...args: unknown[]): vscode.CodeLens {
  return new vscode.CodeLens(FIRST_LINE, { title, command, arguments: args });
}
