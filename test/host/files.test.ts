import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { until } from './suite/until.ts';
import { extension, workspaceFolder } from './suite/window.ts';

async function registryDocument(): Promise<vscode.TextDocument> {
  return vscode.workspace.openTextDocument(path.join(workspaceFolder(), 'mesh.services.json'));
}

async function replaceText(
  document: vscode.TextDocument,
  from: string | RegExp,
  to: string,
): Promise<void> {
  const edit = new vscode.WorkspaceEdit();
  const end = document.positionAt(document.getText().length);
  const text = document.getText().replace(from, to);
  edit.replace(document.uri, new vscode.Range(new vscode.Position(0, 0), end), text);
  assert.ok(await vscode.workspace.applyEdit(edit));
}

/** The first problems of a file that are like this. */
function untilProblems(
  uri: vscode.Uri,
  fits: (problems: vscode.Diagnostic[]) => boolean,
): Promise<vscode.Diagnostic[]> {
  return until(vscode.languages.onDidChangeDiagnostics, () => {
    const ours = vscode.languages.getDiagnostics(uri).filter(({ source }) => source === 'Mesh-Sim');
    return fits(ours) ? ours : undefined;
  });
}

async function lensTitles(uri: vscode.Uri): Promise<(string | undefined)[]> {
  const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
    'vscode.executeCodeLensProvider',
    uri,
    10,
  );
  return lenses.map(({ command }) => command?.title);
}

describe('host: registries and plans in the editor', () => {
  before(() => extension().activate());

  afterEach(async () => {
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  it('marks what the schema of a registry cannot say while it is typed, and takes the mark away', async () => {
    const document = await registryDocument();
    await vscode.window.showTextDocument(document);
    const before = document.getText();

    await replaceText(document, '"start"', '"dependsOn": ["nobody"],\n"start"');

    const [problem] = await untilProblems(document.uri, (problems) => problems.length > 0);
    assert.equal(document.getText(problem!.range), '"nobody"');
    assert.equal(problem!.code, 'registry-invalid');
    await replaceText(document, /[^]*/, before);
    await untilProblems(document.uri, (problems) => problems.length === 0);
  });

  it('asks git about commits once the registry is saved', async () => {
    const document = await registryDocument();
    await vscode.window.showTextDocument(document);
    const before = document.getText();
    await replaceText(document, '"start"', '"commit": "v9.9",\n"start"');

    await document.save();

    const [problem] = await untilProblems(document.uri, (problems) => problems.length > 0);
    assert.equal(problem!.code, 'unknown-commit');
    assert.equal(document.getText(problem!.range), '"v9.9"');
    await replaceText(document, /[^]*/, before);
    await document.save();
    await untilProblems(document.uri, (problems) => problems.length === 0);
  });

  it('marks the Capsule of a plan that is not in this workspace', async () => {
    const file = path.join(workspaceFolder(), 'unknown.meshplan.json');
    await writeFile(file, JSON.stringify({ capsuleHash: 'f'.repeat(64) }));
    const document = await vscode.workspace.openTextDocument(file);
    await vscode.window.showTextDocument(document);

    const [problem] = await untilProblems(document.uri, (problems) => problems.length > 0);

    assert.equal(document.getText(problem!.range), `"${'f'.repeat(64)}"`);
    await rm(file);
  });

  it('marks an option of a host that weakens the check of its key, and takes the mark away', async () => {
    const file = path.join(workspaceFolder(), 'mesh.hosts.json');
    const edge = { kind: 'ssh', host: 'edge', options: ['StrictHostKeyChecking=no'] };
    await writeFile(file, JSON.stringify({ hosts: { edge } }));
    const document = await vscode.workspace.openTextDocument(file);
    await vscode.window.showTextDocument(document);

    const [problem] = await untilProblems(document.uri, (problems) => problems.length > 0);

    assert.equal(problem!.code, 'hosts-invalid');
    assert.equal(document.getText(problem!.range), '["StrictHostKeyChecking=no"]');
    await replaceText(document, '"StrictHostKeyChecking=no"', '');
    await untilProblems(document.uri, (problems) => problems.length === 0);
    await rm(file);
  });

  it('offers Pack Capsule and Simulate Mesh above a registry, and Simulate Mesh above a plan', async () => {
    const { uri } = await registryDocument();
    assert.deepEqual(await lensTitles(uri), ['$(package) Pack Capsule', '$(play) Simulate Mesh']);
    const file = vscode.Uri.file(path.join(workspaceFolder(), 'lens.meshplan.json'));
    await writeFile(file.fsPath, '{}');
    await vscode.workspace.openTextDocument(file);
    assert.deepEqual(await lensTitles(file), ['$(play) Simulate Mesh']);
    await rm(file.fsPath);
  });

  it('opens the registry that is there rather than write a new one', async () => {
    const { uri } = await registryDocument();

    await vscode.commands.executeCommand('meshSim.createRegistry');

    assert.equal(vscode.window.activeTextEditor?.document.uri.toString(), uri.toString());
  });

  it('shows a drafted registry as a diff, and writes it when it is accepted', async () => {
    const folder = path.join(workspaceFolder(), 'drafted');
    await mkdir(folder);
    await writeFile(path.join(folder, 'Procfile'), 'web: node server.mjs --port $PORT\n');
    const settings = vscode.workspace.getConfiguration('meshSim');
    const { Workspace } = vscode.ConfigurationTarget;
    await settings.update('registryPath', 'drafted/mesh.services.json', Workspace);
    const file = path.join(folder, 'mesh.services.json');

    await vscode.commands.executeCommand('meshSim.createRegistry');

    const draft = vscode.window.activeTextEditor!.document;
    assert.equal(draft.uri.scheme, 'mesh-sim-draft');
    assert.match(draft.getText(), /"web"/);
    assert.ok(!existsSync(file));
    const opened = until(vscode.window.onDidChangeActiveTextEditor, () =>
      vscode.window.activeTextEditor?.document.uri.fsPath === file ? true : undefined,
    );
    await vscode.commands.executeCommand('notifications.focusFirstToast');
    await vscode.commands.executeCommand('notification.acceptPrimaryAction');
    await opened;
    assert.equal(await readFile(file, 'utf8'), draft.getText());
    await settings.update('registryPath', undefined, Workspace);
    await rm(folder, { recursive: true });
  });
});
