import { accessSync, constants, statSync } from 'node:fs';
import path from 'node:path';
import { MeshSimError } from '../../base/errors.ts';
import type { Command } from '../../model/registry.ts';

export interface ResolvedCommand {
  readonly file: string;
  readonly args: readonly string[];
  /** Set only where this very program has to act as plain Node.js. */
  readonly extraEnv: Readonly<Record<string, string>>;
}

/**
 * What to execute for a command. A list is a program and its arguments: the program is looked up in the host's PATH,
 * or in the service's folder when it is written with a slash. A string goes through the system's shell.
 * @throws MeshSimError `service-failed` when the program is nowhere to be found.
 */
export function resolveCommand(
  command: Command,
  folder: string,
  hostPath: string,
): ResolvedCommand {
  if (typeof command === 'string') return shellCommand(command);
  const [program = '', ...args] = command;
  const found = findProgram(program, folder, hostPath);
  if (found !== undefined) return { file: found, args, extraEnv: {} };
  if (program === 'node') return { file: process.execPath, args, extraEnv: asPlainNode() };
  throw new MeshSimError(
    'service-failed',
    `The program "${program}" is not on this host: install it, or correct the command in the registry.`,
  );
}

/** An editor's executable runs as Node.js only when told so. */
export function asPlainNode(): Record<string, string> {
  return 'electron' in process.versions ? { ELECTRON_RUN_AS_NODE: '1' } : {};
}

function shellCommand(command: string): ResolvedCommand {
  return process.platform === 'win32'
    ? { file: 'cmd.exe', args: ['/d', '/s', '/c', command], extraEnv: {} }
    : { file: '/bin/sh', args: ['-c', command], extraEnv: {} };
}

/** Where a program is on this host; undefined: nowhere. A relative path is one inside `folder`. */
export function findProgram(program: string, folder: string, hostPath: string): string | undefined {
  if (program.includes('/')) return executable(path.resolve(folder, program));
  for (const entry of hostPath.split(path.delimiter)) {
    // A relative entry would mean another program in each folder.
    if (!path.isAbsolute(entry)) continue;
    const found = executable(path.join(entry, program));
    if (found !== undefined) return found;
  }
  return undefined;
}

function executable(file: string): string | undefined {
  const suffixes = process.platform === 'win32' ? ['', '.exe', '.cmd'] : [''];
  for (const candidate of suffixes.map((suffix) => file + suffix)) {
    try {
      accessSync(candidate, constants.X_OK);
      if (statSync(candidate).isFile()) return candidate;
    } catch {
      // Not there, or not for us: the next entry may have it.
    }
  }
  return undefined;
}
