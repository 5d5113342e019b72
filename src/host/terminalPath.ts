import path from 'node:path';
import type { Container } from './container.ts';
import { writeLauncher } from './terminalLauncher.ts';

/**
 * Makes `mesh-sim` a command of every terminal of the editor: a launcher in the extension's storage, whose folder is appended
 * to the PATH, so that a `mesh-sim` that somebody installed comes first. The editor keeps that for terminals of later windows.
 */
export async function putOnTerminalPath({ context, log }: Container): Promise<void> {
  const folder = path.join(context.globalStorageUri.fsPath, 'bin');
  try {
    await writeLauncher(folder, {
      node: process.execPath,
      program: path.join(context.extensionPath, 'dist', 'meshSim.cjs'),
    });
    const variables = context.environmentVariableCollection;
    variables.description = 'Adds the command `mesh-sim`.';
    variables.append('PATH', `${path.delimiter}${folder}`);
  } catch (error) {
    // A home that cannot be written to: all but the terminals works as well.
    log.warn(`mesh-sim is not on the PATH of terminals: ${String(error)}`);
  }
}
