import { MeshSimError } from './errors.ts';

export interface DotenvEntry {
  readonly name: string;
  readonly value: string;
  /** Where the entry begins, from 1. */
  readonly line: number;
  /** Why `value` is not what was meant, the end of a sentence; left out: it is. */
  readonly problem?: string;
}

const NAME = /^(?:export[ \t]+)?([A-Za-z_][A-Za-z0-9_]*)[ \t]*=[ \t]*/;
const NOT_REPLACED = 'has ${…}, which is not replaced: put the value in single quotes';
const ESCAPES = new Map([
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['"', '"'],
  ['$', '$'],
  ['\\', '\\'],
]);

/**
 * Reads `.env` text strictly: `NAME=value`, `NAME='as it is'` or `NAME="with \n escapes"`, quoted values over several
 * lines, `export` in front, comments after `#`. What different tools read differently is refused: a name given twice,
 * unknown escapes, text after a closing quote. A value with `${…}` outside single quotes has a `problem`.
 * @throws MeshSimError `secret-invalid` naming file and line, never what stands there
 */
export function parseDotenv(text: string, source: string): DotenvEntry[] {
  const entries: DotenvEntry[] = [];
  const lineOf = new Map<string, number>();
  const reader = new LineReader(text.replace(/^\uFEFF/, ''), source);
  for (let line = reader.next(); line !== undefined; line = reader.next()) {
    if (/^[ \t]*(#|$)/.test(line)) continue;
    const at = reader.line;
    const start = line.trimStart();
    const match = NAME.exec(start);
    if (match?.[1] === undefined) throw reader.problem('expected NAME=value');
    const [whole, name] = match;
    const first = lineOf.get(name);
    if (first !== undefined) throw reader.problem(`${name} was given on line ${first} already`);
    lineOf.set(name, at);
    const value = valueOf(start.slice(whole.length), reader);
    const problem = reader.takeReference() ? { problem: NOT_REPLACED } : {};
    entries.push({ name, value, line: at, ...problem });
  }
  return entries;
}

class LineReader {
  readonly #lines: readonly string[];
  readonly #source: string;
  /** The number of the line read last. */
  line = 0;
  #hasReference = false;

  constructor(text: string, source: string) {
    this.#lines = text.split(/\r?\n/);
    this.#source = source;
  }

  next(): string | undefined {
    const line = this.#lines[this.line];
    this.line += 1;
    return line;
  }

  /** `${…}` was read that somebody may mean to be replaced. */
  noteReference(isOne: boolean): void {
    this.#hasReference ||= isOne;
  }

  /** Whether one was read since this was asked last. */
  takeReference(): boolean {
    const taken = this.#hasReference;
    this.#hasReference = false;
    return taken;
  }

  problem(what: string, line = this.line): MeshSimError {
    return new MeshSimError('secret-invalid', `${this.#source}, line ${line}: ${what}.`);
  }
}

function valueOf(rest: string, reader: LineReader): string {
  const quote = rest[0];
  if (quote === '"' || quote === "'") return quotedValue(rest.slice(1), quote, reader);
  // A # begins a comment only after a blank: values such as colours and anchors hold it.
  const value = rest.replace(/(^|[ \t]+)#.*$/, '').trimEnd();
  reader.noteReference(value.includes('${'));
  return value;
}

function quotedValue(rest: string, quote: string, reader: LineReader): string {
  const begun = reader.line;
  let line = rest;
  let value = '';
  for (;;) {
    const end = closingQuote(line, quote);
    value += unescaped(line.slice(0, end ?? line.length), quote, reader);
    if (end !== undefined) {
      if (!/^[ \t]*(#.*)?$/.test(line.slice(end + 1))) {
        throw reader.problem('nothing may follow the closing quote');
      }
      return value;
    }
    const next = reader.next();
    if (next === undefined) {
      throw reader.problem('the quote that is opened here is never closed', begun);
    }
    value += '\n';
    line = next;
  }
}

function closingQuote(line: string, quote: string): number | undefined {
  for (let i = 0; i < line.length; i += 1) {
    if (line[i] === '\\' && quote === '"') i += 1;
    else if (line[i] === quote) return i;
  }
  return undefined;
}

function unescaped(text: string, quote: string, reader: LineReader): string {
  if (quote === "'") return text;
  reader.noteReference(/(^|[^\\])(\\\\)*\$\{/.test(text));
  return text.replace(/\\(.?)/g, (_, character: string) => {
    const meant = ESCAPES.get(character);
    if (meant !== undefined) return meant;
    throw reader.problem(String.raw`unknown escape: use \n, \r, \t, \", \$ or \\`);
  });
}
