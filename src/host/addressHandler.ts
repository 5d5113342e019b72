import * as vscode from 'vscode';
import { MeshSimError } from '../base/errors.ts';
import type { Container } from './container.ts';

/** `vscode://oursynth.mesh-sim-studio/preview`: the installer shows the Studio by it. Any page may send such an address. */
export function addressHandler(container: Container): vscode.UriHandler {
  return {
    handleUri: async (uri) => {
      if (uri.path === '/preview') {
        await vscode.commands.executeCommand('meshSim.openStudioInBrowserPreview');
        return;
      }
      const sentence = `${uri.toString()} leads nowhere: the only address here ends in /preview.`;
      void container.showError(new MeshSimError('usage', sentence));
    },
  };
}
