import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { until } from './suite/until.ts';
import { extension } from './suite/window.ts';

describe('host: browser preview', () => {
  afterEach(() => vscode.commands.executeCommand('workbench.action.closeAllEditors'));

  it('opens the page inside the editor', async () => {
    await extension().activate();

    await vscode.commands.executeCommand('meshSim.openStudioInBrowserPreview');

    const label = await until(vscode.window.tabGroups.onDidChangeTabs, () =>
      vscode.window.tabGroups.all
        .flatMap(({ tabs }) => tabs)
        .map((tab) => tab.input)
        .filter((input) => input instanceof vscode.TabInputWebview)
        .map(({ viewType }) => viewType)
        .find((viewType) => /browser/i.test(viewType)),
    );
    assert.match(label, /simpleBrowser/i);
  });
});
