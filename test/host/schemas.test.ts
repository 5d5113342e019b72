import assert from 'node:assert/strict';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { workspaceFolder } from './suite/window.ts';

/** Opens a file of that name in a folder of its own beside the product's services. */
async function openDocument(name: string, content: unknown): Promise<vscode.Uri> {
  const folder = path.join(workspaceFolder(), 'written-by-test');
  await mkdir(folder, { recursive: true });
  const file = path.join(folder, name);
  await writeFile(file, JSON.stringify(content, null, 2));
  const document = await vscode.workspace.openTextDocument(file);
  await vscode.window.showTextDocument(document);
  return document.uri;
}

/** Resolves with the first problem whose message matches; the test's limit ends the wait. */
function problemOf(uri: vscode.Uri, message: RegExp): Promise<vscode.Diagnostic> {
  return new Promise((resolve) => {
    const look = (): void => {
      const found = vscode.languages.getDiagnostics(uri).find((one) => message.test(one.message));
      if (found === undefined) return;
      listener.dispose();
      resolve(found);
    };
    const listener = vscode.languages.onDidChangeDiagnostics(look);
    look();
  });
}

describe('host: JSON schemas', () => {
  afterEach(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await rm(path.join(workspaceFolder(), 'written-by-test'), { recursive: true, force: true });
  });

  it('marks the value of a service registry that is of a wrong type', async () => {
    const uri = await openDocument('mesh.services.json', { name: 7, services: [] });
    const { range } = await problemOf(uri, /Incorrect type\. Expected "string"/);
    assert.equal(range.start.line, 1);
  });

  it('marks the parameter of a saved plan that is out of range', async () => {
    const uri = await openDocument('far.meshplan.json', { params: { nodes: 1 } });
    const { range } = await problemOf(uri, /below the minimum/);
    assert.equal(range.start.line, 2);
  });
});
