import { debianPackageOf } from '../../model/debianPackages.ts';
import type { Command } from '../../model/registry.ts';
import { simpleCommands, type SimpleCommand } from '../programs/simpleCommands.ts';

/** Reserved words that a command follows, and builtins whose first argument is one. */
const LEADS_ON = wordsOf('if then elif else while until do ! { } time exec command builtin');

/** Builtins and reserved words of shells: what they name is no program. */
const OF_SHELL = wordsOf(
  'cd export set test [ [[ true false echo exit fi for done trap wait eval ulimit umask read printf esac unset shift',
  'return local declare typeset readonly let alias unalias pushd popd dirs hash type getopts shopt select in',
  'kill jobs bg fg disown times function : enable caller mapfile readarray bind help history pwd',
);

/** From here on the search path may be another one, or names may stand for anything. */
const CHANGES_NAMES = wordsOf('. source eval alias case function');

/** What installs a program that products often name. */
const INSTALLS: Readonly<Record<string, string>> = {
  pnpm: 'run "corepack enable pnpm"',
  yarn: 'run "corepack enable yarn"',
  bun: 'see https://bun.sh',
  uv: 'run "pip install uv"',
  poetry: 'run "pipx install poetry"',
  pipenv: 'run "pipx install pipenv"',
  python3: 'install Python 3',
  go: 'install Go',
};

function wordsOf(...lines: readonly string[]): ReadonlySet<string> {
  return new Set(lines.flatMap((line) => line.split(' ')));
}

/**
 * Programs that a command surely starts by name from the search path it is given. Paths are a build's own, and so may be what a
 * line starts after it has changed that path.
 */
export function programsOf(command: Command): string[] {
  if (typeof command !== 'string') return nameIn(command[0] ?? '');
  const programs = new Set<string>();
  if (/\bPATH\+?=/.test(command)) return [];
  for (const words of simpleCommands(command)) {
    const rest = afterReserved(words);
    const [first] = rest;
    if (first === undefined || first.isOpen) continue;
    if (CHANGES_NAMES.has(first.text)) break;
    if (OF_SHELL.has(first.text)) continue;
    for (const name of nameIn(first.text)) programs.add(name);
  }
  return [...programs];
}

function afterReserved(words: SimpleCommand): SimpleCommand {
  const at = words.findIndex(({ text, isQuoted }) => isQuoted || !LEADS_ON.has(text));
  return at < 0 ? [] : words.slice(at);
}

function nameIn(word: string): string[] {
  return /^[A-Za-z_][\w.+-]*$/.test(word) ? [word] : [];
}

export function howToInstall(program: string): string {
  return INSTALLS[program] ?? `install ${debianPackageOf(program) ?? program}`;
}
