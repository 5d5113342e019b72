import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { note } from './suite/record.ts';
import { extension } from './suite/window.ts';

interface Manifest {
  readonly contributes: {
    readonly commands: readonly { readonly command: string }[];
    readonly configuration: {
      readonly properties: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
    };
  };
}

describe('host: activation', () => {
  it('wakes for a workspace with a registry, and exports its API', async () => {
    const api = await extension().activate();
    note(`activation ${api.activationMs.toFixed(1)} ms, target under 50 ms`);
    assert.equal(extension().isActive, true);
    assert.deepEqual((await api.studio()).simulations.running(), []);
  });

  it('registers every command it contributes', async () => {
    await extension().activate();
    const { commands } = (extension().packageJSON as Manifest).contributes;
    const registered = new Set(await vscode.commands.getCommands(true));
    const missing = commands.filter(({ command }) => !registered.has(command));
    assert.deepEqual(missing, []);
  });

  it('gives every setting a scope, a description and a default the editor knows', () => {
    const { properties } = (extension().packageJSON as Manifest).contributes.configuration;
    for (const [key, setting] of Object.entries(properties)) {
      const scopes = ['application', 'machine', 'machine-overridable', 'window', 'resource'];
      assert.ok(scopes.includes(String(setting.scope)), `${key} has no scope`);
      assert.ok(setting.description ?? setting.markdownDescription, `${key} is not described`);
      const known = vscode.workspace.getConfiguration().inspect(key);
      assert.deepEqual(known?.defaultValue, setting.default, key);
    }
  });
});
