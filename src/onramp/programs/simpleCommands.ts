/** One of a shell's simple commands: its words, without assignments in front and redirections. */
export type SimpleCommand = readonly Word[];

export interface Word {
  /** Without quotes. */
  readonly text: string;
  /** It has a variable, a substitution or a pattern in it, so nobody knows it before it runs. */
  readonly isOpen: boolean;
  /** Some of it was quoted: then it is no reserved word. */
  readonly isQuoted: boolean;
}

/** A here-document, a function or arithmetic: what follows may be anything. */
const NOT_FOLLOWED = /^(?:<<|\(\)|\(\()/;
const REDIRECTION = /^(?:\d*(?:>>|>&|>\||<&|<>|>|<)|&>>|&>)/;
const SEPARATOR = /^(?:&&|\|\||;;&|;;|;&|\|&|[;|&()\n])/;
const ASSIGNMENT = /^[A-Za-z_]\w*\+?=/;

/**
 * The simple commands of a shell's line, as far as they can be told without running it: it ends where something comes that this
 * does not follow. What stands in quotes or in a substitution is never taken for a command.
 */
export function simpleCommands(line: string): SimpleCommand[] {
  const commands: SimpleCommand[] = [];
  let words: Word[] = [];
  let isTarget = false;
  const end = () => {
    if (words.length > 0) commands.push(words);
    words = [];
    isTarget = false;
  };
  let at = 0;
  while (at < line.length) {
    const rest = line.slice(at);
    const blank = /^(?:[ \t\r]|\\\n)+/.exec(rest)?.[0] ?? /^#[^\n]*/.exec(rest)?.[0] ?? '';
    if (blank !== '') {
      at += blank.length;
      continue;
    }
    if (NOT_FOLLOWED.test(rest)) break;
    const redirection = REDIRECTION.exec(rest)?.[0];
    const separator = SEPARATOR.exec(rest)?.[0];
    if (redirection !== undefined) {
      isTarget = true;
      at += redirection.length;
    } else if (separator !== undefined) {
      end();
      at += separator.length;
    } else {
      const read = readWord(line, at);
      if (read === undefined) return commands;
      at = read.end;
      const isAssignment = words.length === 0 && ASSIGNMENT.test(line.slice(read.begin));
      // An array is given.
      if (isAssignment && line[at] === '(') return commands;
      if (!isTarget && !isAssignment) words.push(read.word);
      isTarget = false;
    }
  }
  // What it broke off in is told as far as it was read, but no name of a function.
  if (!line.slice(at).startsWith('()')) end();
  return commands;
}

/** Undefined: a quote or a substitution in it is never closed. */
function readWord(line: string, begin: number) {
  let text = '';
  let isOpen = false;
  let isQuoted = false;
  let at = begin;
  while (at < line.length) {
    const character = line[at] ?? '';
    if (/[\s;|&()<>]/.test(character)) break;
    if (character === "'" || character === '"' || character === '`') {
      const close = closing(line, at);
      if (close === undefined) return undefined;
      const inside = line.slice(at + 1, close);
      isQuoted ||= character !== '`';
      isOpen ||= character === '`' || (character === '"' && /[$`]/.test(inside));
      text += inside;
      at = close + 1;
    } else if (character === '$') {
      const close = endOfReference(line, at);
      if (close === undefined) return undefined;
      isOpen = true;
      at = close;
    } else if (character === '\\') {
      text += line[at + 1] ?? '';
      isQuoted = true;
      at += 2;
    } else {
      isOpen ||= /[*?[{~]/.test(character);
      text += character;
      at += 1;
    }
  }
  return { begin, end: at, word: { text, isOpen, isQuoted } };
}

function closing(line: string, from: number): number | undefined {
  const quote = line[from];
  for (let at = from + 1; at < line.length; at += 1) {
    if (line[at] === '\\' && quote !== "'") at += 1;
    else if (line[at] === quote) return at;
  }
  return undefined;
}

/** Of `$x`, `${x}`, `$(…)` and `$((…))`, with what they hold; quotes in them count. */
function endOfReference(line: string, from: number): number | undefined {
  const opens = line[from + 1];
  if (opens !== '(' && opens !== '{') return from + 1;
  const closes = opens === '(' ? ')' : '}';
  let depth = 0;
  for (let at = from + 1; at < line.length; at += 1) {
    const character = line[at] ?? '';
    if (character === '\\') at += 1;
    else if (/["'`]/.test(character)) {
      const close = closing(line, at);
      if (close === undefined) return undefined;
      at = close;
    } else if (character === opens) depth += 1;
    else if (character === closes && (depth -= 1) === 0) return at + 1;
  }
  return undefined;
}
