import type { Command } from '../../model/registry.ts';
import { interpolate } from '../files/interpolate.ts';
import { commandOfLine } from './shellWords.ts';

/** A stage of a Dockerfile, as far as it says how a program runs. */
export interface Stage {
  readonly name?: string;
  readonly base: string;
  workdir: string;
  readonly env: Map<string, { value: string; line: number }>;
  readonly exposed: { port: number; line: number }[];
  readonly runs: { text: string; line: number }[];
  entrypoint?: { command: Command; line: number };
  command?: { command: Command; line: number };
  health?: { command: Command; options: ReadonlyMap<string, string>; line: number };
}

export interface Instruction {
  readonly name: string;
  readonly text: string;
  /** Where it begins, from 1. */
  readonly line: number;
}

/** Instructions of a Dockerfile: continued lines joined, comments left out, heredocs skipped. */
export function instructionsOf(text: string): Instruction[] {
  const found: Instruction[] = [];
  const lines = text.split(/\r?\n/);
  const escape = /^#\s*escape\s*=\s*`/im.test(lines.slice(0, 3).join('\n')) ? '`' : '\\';
  for (let at = 0; at < lines.length; at += 1) {
    const begin = at + 1;
    if (/^\s*(#|$)/.test(lines[at] ?? '')) continue;
    let whole = (lines[at] ?? '').trim();
    while (whole.endsWith(escape) && at + 1 < lines.length) {
      at += 1;
      const next = (lines[at] ?? '').trim();
      if (next.startsWith('#')) continue;
      whole = `${whole.slice(0, -1).trimEnd()} ${next}`;
    }
    const end = /<<-?\s*["']?(\w+)["']?/.exec(whole)?.[1];
    if (end !== undefined) {
      while (at + 1 < lines.length && (lines[at + 1] ?? '').trim() !== end) at += 1;
      at += 1;
    }
    const [, name = '', rest = ''] = /^(\w+)\s*([\s\S]*)$/.exec(whole) ?? [];
    if (name !== '') found.push({ name: name.toUpperCase(), text: rest, line: begin });
  }
  return found;
}

/**
 * The stage an image is made of: the last one, or the one a build names as its target, with what its base stages set.
 * @param given values of build arguments
 * @returns undefined when there is no such stage
 */
export function stageOf(
  text: string,
  target?: string,
  given: ReadonlyMap<string, string> = new Map(),
): Stage | undefined {
  const stages: Stage[] = [];
  const args = new Map<string, string>();
  for (const instruction of instructionsOf(text)) {
    const current = stages.at(-1);
    if (instruction.name === 'FROM') stages.push(begun(instruction.text, stages, args));
    else if (instruction.name === 'ARG') {
      for (const [name, value] of pairsOf(instruction.text))
        args.set(name, given.get(name) ?? value);
    } else if (current !== undefined) apply(current, instruction, args);
  }
  if (target === undefined) return stages.at(-1);
  return stages.find(({ name }) => name === target) ?? stages[Number(target)];
}

function begun(text: string, stages: readonly Stage[], args: ReadonlyMap<string, string>): Stage {
  const words = text.replace(/--\S+\s+/g, '').split(/\s+/);
  const base = filled(words[0] ?? '', args);
  const name = words[1]?.toUpperCase() === 'AS' ? words[2] : undefined;
  const parent = stages.find((stage) => stage.name === base);
  return {
    ...(name === undefined ? {} : { name }),
    base: parent?.base ?? base,
    workdir: parent?.workdir ?? '/',
    env: new Map(parent?.env),
    exposed: [...(parent?.exposed ?? [])],
    runs: [...(parent?.runs ?? [])],
    ...(parent?.entrypoint === undefined ? {} : { entrypoint: parent.entrypoint }),
    ...(parent?.command === undefined ? {} : { command: parent.command }),
    ...(parent?.health === undefined ? {} : { health: parent.health }),
  };
}

function apply(stage: Stage, { name, text, line }: Instruction, args: ReadonlyMap<string, string>) {
  const known = new Map([
    ...args,
    ...[...stage.env].map(([key, { value }]) => [key, value] as const),
  ]);
  switch (name) {
    case 'WORKDIR': {
      const folder = filled(text.trim(), known).replace(/\/+$/, '');
      stage.workdir = folder.startsWith('/')
        ? folder
        : `${stage.workdir.replace(/\/$/, '')}/${folder}`;
      break;
    }
    case 'ENV':
      for (const [key, value] of pairsOf(text))
        stage.env.set(key, { value: filled(value, known), line });
      break;
    case 'EXPOSE':
      for (const word of filled(text, known).split(/\s+/)) {
        const port = Number(/^(\d+)(?:\/tcp)?$/i.exec(word)?.[1]);
        if (port > 0) stage.exposed.push({ port, line });
      }
      break;
    case 'RUN':
      stage.runs.push({ text, line });
      break;
    case 'ENTRYPOINT':
      stage.entrypoint = { command: formOf(text), line };
      delete stage.command;
      break;
    case 'CMD':
      stage.command = { command: formOf(text), line };
      break;
    case 'HEALTHCHECK':
      applyHealth(stage, text, line);
      break;
    default:
  }
}

function applyHealth(stage: Stage, text: string, line: number): void {
  if (/^NONE\b/i.test(text)) {
    delete stage.health;
    return;
  }
  const options = new Map(
    [...text.matchAll(/--([\w-]+)=(\S+)/g)].map(([, key = '', value = '']) => [key, value]),
  );
  const command = /\bCMD\s+([\s\S]+)$/i.exec(text)?.[1];
  if (command !== undefined) stage.health = { command: formOf(command), options, line };
}

/** The list form is JSON; anything else is for a shell. */
function formOf(text: string): Command {
  if (text.trimStart().startsWith('[')) {
    try {
      const list = JSON.parse(text) as unknown;
      if (Array.isArray(list) && list.every((word) => typeof word === 'string')) return list;
    } catch {
      // As docker does: it is a shell's line then.
    }
  }
  return commandOfLine(text);
}

/** `NAME=value NAME="with blanks"`, and the old `NAME value`. */
function pairsOf(text: string): [string, string][] {
  const pairs = [
    ...text.matchAll(/([A-Za-z_]\w*)(?:=("(?:\\.|[^"\\])*"|'[^']*'|(?:\\.|[^\s\\])*))?(?=\s|$)/g),
  ];
  if (!text.includes('=')) {
    const [, name = '', value = ''] = /^(\w+)(?:\s+([\s\S]*))?$/.exec(text.trim()) ?? [];
    return name === '' ? [] : [[name, value]];
  }
  return pairs.map(([, name = '', value = '']) => [name, unquoted(value)]);
}

function unquoted(value: string): string {
  const [, quote, inner = ''] = /^(["'])([\s\S]*)\1$/.exec(value) ?? [];
  const plain = quote === undefined ? value : inner;
  return quote === "'" ? plain : plain.replace(/\\(.)/g, '$1');
}

function filled(text: string, values: ReadonlyMap<string, string>): string {
  return interpolate(text, (name) => values.get(name)).text;
}
