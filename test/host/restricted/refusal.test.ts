import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { extension } from '../suite/window.ts';

describe('host: a workspace that is not trusted', () => {
  it('packs nothing and writes nothing', async () => {
    const api = await extension().activate();
    assert.equal(vscode.workspace.isTrusted, false);
    await vscode.commands.executeCommand('meshSim.packCapsule');
    assert.equal((await api.studio()).workspace.hasLedger(), false);
  });
});
