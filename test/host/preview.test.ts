import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { until } from './suite/until.ts';
import { EXTENSION_ID, extension } from './suite/window.ts';

function browserTab(): Promise<string> {
  return until(vscode.window.tabGroups.onDidChangeTabs, () =>
    vscode.window.tabGroups.all
      .flatMap(({ tabs }) => tabs)
      .map((tab) => tab.input)
      .filter((input) => input instanceof vscode.TabInputWebview)
      .map(({ viewType }) => viewType)
      .find((viewType) => /browser/i.test(viewType)),
  );
}

describe('host: browser preview', () => {
  afterEach(() => vscode.commands.executeCommand('workbench.action.closeAllEditors'));

  it('opens the page inside the editor', async () => {
    await extension().activate();

    await vscode.commands.executeCommand('meshSim.openStudioInBrowserPreview');

    assert.match(await browserTab(), /simpleBrowser/i);
  });

  it('is opened by the address the installer opens', async () => {
    await extension().activate();
    const address = vscode.Uri.parse(`${vscode.env.uriScheme}://${EXTENSION_ID}/preview`);

    await vscode.commands.executeCommand('vscode.open', address);

    assert.match(await browserTab(), /simpleBrowser/i);
  });
});
