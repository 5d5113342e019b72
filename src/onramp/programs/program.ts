import type { Command } from '../../model/registry.ts';
import type { Gap, HealthSketch, HealthTimes, ListeningPort, Said, Variable } from '../sketch.ts';

/** How what lies in a folder is built and started. */
export interface Program {
  /** The folder to be packed: a member of a workspace needs all of it. */
  readonly path: string;
  readonly build?: Said<Command>;
  readonly start?: Said<Command>;
  readonly env: ReadonlyMap<string, Variable>;
  readonly ports: readonly ListeningPort[];
  readonly health?: Said<HealthSketch & HealthTimes>;
  readonly gaps: readonly Gap[];
  /** A command that was written for this folder, as an image or a Procfile has it, as it runs after `build`. */
  readonly adapt: (command: Command) => Command;
}

/** `text` as one word of a POSIX shell's line. */
export function shellQuoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

export function asLine(command: Command): string {
  return typeof command === 'string' ? command : command.map(shellQuoted).join(' ');
}

/** Runs a command in a folder below. */
export function inFolder(folder: string, command: Command): Command {
  if (folder === '.') return command;
  const line = typeof command === 'string' ? command : `exec ${asLine(command)}`;
  return `cd ${shellQuoted(folder)} && ${line}`;
}
