import type { Command, Health } from '../model/registry.ts';
import {
  lookupIn,
  namedIn,
  substitute,
  type Lookup,
  type PlaceholderValues,
} from './placeholders.ts';

/**
 * What a shell or another language reads has `${…}` of its own: there, only what is written as one of our placeholders is one.
 * One more `$` in front makes it a literal.
 */
const OURS =
  /\$?\$\{((?:port|service):[a-z][^}]*|peers:[a-z](?:[^{}]|\{[^{}]*\})*|(?:node|host)\.[^}]*|state|program)\}/g;

/** An argument after one of these is program text. */
const TAKES_TEXT = /^(-[a-z]*c|-e|-p|--eval|--print|--command)$/;

/**
 * A command on one node, placeholders replaced. A literal string is for a shell; an argument of a list is text as in `env`, unless
 * it is a program. An unknown placeholder stays as it is: a registry that has one is refused before it is packed.
 */
export function fillCommand(command: Command, values: PlaceholderValues): Command {
  const filled = fill(command, lookupIn(values), (placeholder) => placeholder);
  const named = namedIn(values);
  return typeof filled === 'string' ? named(filled) : filled.map(named);
}

/** The same for a build, whose result all nodes share: the machine's words only. */
export function fillBuild(
  command: Command,
  { hostPath, hostHome }: Pick<PlaceholderValues, 'hostPath' | 'hostHome'>,
): Command {
  return fill(command, sharedLookup(hostPath, hostHome), (placeholder) => placeholder);
}

/** A health check that is a command, filled in; others have their ports by name. */
export function fillHealth(health: Health, values: PlaceholderValues): Health {
  return 'command' in health ? { ...health, command: fillCommand(health.command, values) } : health;
}

export function sharedLookup(hostPath: string, hostHome: string): Lookup {
  return (name) => (name === 'host.path' ? hostPath : name === 'host.home' ? hostHome : undefined);
}

/** Every placeholder of a command that `lookup` does not know, in order of appearance. */
export function unknownInCommand(command: Command, lookup: Lookup): string[] {
  const found: string[] = [];
  fill(command, lookup, (placeholder) => {
    found.push(placeholder);
    return '';
  });
  return found;
}

type Unknown = (placeholder: string) => string;

function fill(command: Command, lookup: Lookup, unknown: Unknown): Command {
  if (typeof command === 'string') return fillText(command, lookup, unknown);
  return command.map((argument, at) =>
    TAKES_TEXT.test(command[at - 1] ?? '')
      ? fillText(argument, lookup, unknown)
      : substitute(argument, lookup, unknown),
  );
}

function fillText(text: string, lookup: Lookup, unknown: Unknown): string {
  return text.replace(OURS, (whole, name: string) =>
    whole.startsWith('$$') ? whole.slice(1) : (lookup(name) ?? unknownText(name, whole, unknown)),
  );
}

/** A shell's own variable may be called so, wherever it is no placeholder. */
function unknownText(name: string, whole: string, unknown: Unknown): string {
  return name === 'program' ? whole : unknown(whole);
}
