import assert from 'node:assert/strict';
import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { extension, workspaceFolder } from './suite/window.ts';

/** Runs a shell line in a terminal of the editor; resolves with its exit code. */
async function exitCodeInTerminal(line: string): Promise<number | undefined> {
  const ended = new Promise<number | undefined>((resolve) => {
    const subscription = vscode.window.onDidCloseTerminal((closed) => {
      if (closed !== terminal) return;
      subscription.dispose();
      resolve(closed.exitStatus?.code);
    });
  });
  const terminal = vscode.window.createTerminal({
    ...{ name: 'mesh-sim', shellPath: '/bin/sh', shellArgs: ['-c', line] },
    cwd: workspaceFolder(),
  });
  return ended;
}

describe('host: terminals', () => {
  it('have mesh-sim on their PATH, of the version of the extension', async function () {
    if (process.platform === 'win32') this.skip();
    await (
      await extension().activate()
    ).terminals;
    const file = path.join(workspaceFolder(), 'version.txt');
    assert.equal(await exitCodeInTerminal('mesh-sim --version > version.txt'), 0);
    const { version } = extension().packageJSON as { version: string };
    assert.equal((await readFile(file, 'utf8')).trim(), version);
    await rm(file);
    assert.equal(await exitCodeInTerminal('mesh-sim --no-such-option'), 2);
  });
});
