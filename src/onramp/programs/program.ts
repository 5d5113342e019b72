import { shellWord } from '../../base/shellWord.ts';
import type { Command } from '../../model/registry.ts';
import type { Gap, HealthSketch, HealthTimes, ListeningPort, Said, Variable } from '../sketch.ts';

/** How what lies in a folder is built and started. */
export interface Program {
  /** Where it is started. */
  readonly path: string;
  /** The folder to be packed, if it is another: a member of a workspace needs all of it. */
  readonly root?: Said<string>;
  readonly build?: Said<Command>;
  readonly start?: Said<Command>;
  readonly env: ReadonlyMap<string, Variable>;
  readonly ports: readonly ListeningPort[];
  readonly health?: Said<HealthSketch & HealthTimes>;
  readonly gaps: readonly Gap[];
  /** A command that was written for this folder, as an image or a Procfile has it, as it runs after `build`. */
  readonly adapt: (command: Command) => Command;
}

/** A health check that was written for this folder, as it runs after `build`. */
export function adaptedHealth<T extends HealthSketch>(
  said: Said<T>,
  { root, adapt }: Program,
): Said<T> {
  const { value } = said;
  if (root === undefined || value.kind !== 'command') return said;
  return { ...said, value: { ...value, command: adapt(value.command) } };
}

/** `text` as one word of a POSIX shell's line. */
export function shellQuoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : shellWord(text);
}

export function asLine(command: Command): string {
  return typeof command === 'string' ? command : command.map(shellQuoted).join(' ');
}

/** Runs a command in another folder, named from where it would run. */
export function inFolder(folder: string, command: Command): Command {
  if (folder === '.') return command;
  const line = typeof command === 'string' ? command : `exec ${asLine(command)}`;
  return `cd ${shellQuoted(folder)} && ${line}`;
}
