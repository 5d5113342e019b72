import { debianPackageOf } from '../../model/debianPackages.ts';
import type { Command } from '../../model/registry.ts';
import { shellWords } from '../programs/shellWords.ts';

/** What a shell has itself, or what only steers what follows it. */
const OF_SHELL = new Set([
  ...['cd', 'export', 'exec', 'set', 'test', '[', 'true', 'false', 'echo', 'exit', 'if', 'then'],
  ...['else', 'fi', 'for', 'do', 'done', 'while', 'trap', 'wait', '.', 'eval', 'ulimit', 'umask'],
  ...[
    'read',
    'printf',
    'case',
    'esac',
    'unset',
    'shift',
    'command',
    'time',
    '!',
    '{',
    '}',
    'until',
  ],
]);

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

/** Programs that a command starts by name, as far as that can be told without running it. Paths are a build's own. */
export function programsOf(command: Command): string[] {
  if (typeof command !== 'string') return byName(command);
  const parts = command.split(/&&|\|\||[;|&()\n]/);
  return [...new Set(parts.flatMap((part) => byName(shellWords(part) ?? [])))];
}

function byName(words: readonly string[]): string[] {
  let at = 0;
  while (at < words.length && (/^\w+=/.test(words[at] ?? '') || OF_SHELL.has(words[at] ?? ''))) {
    // What follows these is no program.
    if (/^(cd|export|echo|printf|test|\[|for|case|read|trap|set|unset|\.)$/.test(words[at] ?? ''))
      return [];
    at += 1;
  }
  const [program = ''] = words.slice(at);
  return /^[\w.+-]+$/.test(program) ? [program] : [];
}

export function howToInstall(program: string): string {
  return INSTALLS[program] ?? `install ${debianPackageOf(program) ?? program}`;
}
