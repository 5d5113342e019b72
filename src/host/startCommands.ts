import path from 'node:path';
import * as vscode from 'vscode';
import type { PackageFolder } from '../studio/capsules/draftRegistry.ts';
import type { Container } from './container.ts';
import { exists } from './workspaceWatch.ts';

const MAX_PACKAGES = 64;
const EXAMPLE = 'harbor-pay';

/** Writes a first registry for what can be started here and opens it; one that is there is only opened. */
export async function createRegistry(container: Container): Promise<void> {
  const refusal = container.refusal();
  if (refusal !== undefined) throw new Error(refusal);
  const file = container.registryUri();
  if (!(await exists(file))) {
    const host = await container.host();
    const packages = await packagesBeside(path.dirname(file.fsPath));
    const text = host.draftRegistry(path.basename(container.folder()), packages);
    await vscode.workspace.fs.writeFile(file, Buffer.from(text));
    const check =
      'Check ports and health paths of this registry, then commit it and pack a Capsule.';
    void vscode.window.showInformationMessage(check);
  }
  await vscode.window.showTextDocument(file);
}

/**
 * Puts a copy of the example, a git repository, into a folder and opens it.
 * @param parent left out: the person is asked
 */
export async function openExample(container: Container, parent?: vscode.Uri): Promise<void> {
  const into = parent ?? (await pickParent());
  if (into === undefined) return;
  const source = path.join(container.context.extensionPath, 'examples', EXAMPLE);
  const target = await unusedFolder(into);
  await (await container.host()).createExample(source, target.fsPath);
  container.log.info(`The example was written to ${target.fsPath}.`);
  const forceNewWindow = container.workspaceFolder() !== undefined;
  await vscode.commands.executeCommand('vscode.openFolder', target, { forceNewWindow });
}

async function pickParent(): Promise<vscode.Uri | undefined> {
  const options = { canSelectFiles: false, canSelectFolders: true, openLabel: 'Put It Here' };
  const title = 'Where to put the example?';
  return (await vscode.window.showOpenDialog({ ...options, title }))?.[0];
}

async function unusedFolder(parent: vscode.Uri): Promise<vscode.Uri> {
  for (let number = 1; ; number++) {
    const name = number === 1 ? EXAMPLE : `${EXAMPLE}-${number}`;
    const folder = vscode.Uri.joinPath(parent, name);
    if (!(await exists(folder))) return folder;
  }
}

/** What cannot be read as a package is none. */
async function packagesBeside(folder: string): Promise<PackageFolder[]> {
  const files = await vscode.workspace.findFiles(
    new vscode.RelativePattern(folder, '**/package.json'),
    '**/node_modules/**',
    MAX_PACKAGES,
  );
  const packages = await Promise.all(files.map((file) => readPackage(folder, file)));
  return packages
    .filter((one) => one !== undefined)
    .sort((left, right) => left.folder.localeCompare(right.folder));
}

async function readPackage(folder: string, file: vscode.Uri): Promise<PackageFolder | undefined> {
  try {
    const text = Buffer.from(await vscode.workspace.fs.readFile(file)).toString();
    const { scripts = {} } = JSON.parse(text) as { scripts?: Record<string, string> };
    const relative = path.relative(folder, path.dirname(file.fsPath)).replaceAll('\\', '/');
    return { folder: relative === '' ? '.' : relative, scripts };
  } catch {
    return undefined;
  }
}
