import type { Command } from '../../model/registry.ts';
import { portPattern, type SettledPort } from './ports.ts';

/** After one of these, `${…}` belongs to another language, as in a shell's line. */
const TAKES_TEXT = /^(-[a-z]*c|-e|-p|--eval|--print|--command)$/;

/** `$${` is a registry's way to write `${` as it stands. */
export function escapedPlaceholders(text: string): string {
  // By a function: in a replacement `$$` would be one `$`.
  return text.replaceAll('${', () => '$${');
}

/** `${` of an argument is meant as it stands; in a registry it would begin a placeholder. */
export function escapedCommand(command: Command): Command {
  if (typeof command === 'string') return command;
  return command.map((word, at) =>
    TAKES_TEXT.test(command[at - 1] ?? '') ? word : escapedPlaceholders(word),
  );
}

/** Own ports by name, so that the command holds whatever number a node gives. */
export function withPorts(command: Command, ports: readonly SettledPort[]): Command {
  const fill = (text: string) =>
    ports.reduce(
      (filled, { name, original }) =>
        filled.replace(portPattern(original), (_, before: string) => `${before}\${port:${name}}`),
      text,
    );
  return typeof command === 'string' ? fill(command) : command.map(fill);
}
