import type { Query } from './query.ts';
import { refuse } from './refuse.ts';
import { termOf } from './term.ts';
import { timeOf } from './times.ts';
import { tokensOf, type Token } from './tokens.ts';

const MOST_CHARACTERS = 2_000;
const DEEPEST = 50;
const TEMPORAL = ['preceded-by', 'followed-by'] as const;
const BETWEEN: readonly string[] = ['or', 'and'];
const WITHIN = 'within:';

/** What an empty query asks for. */
export const EVERY_LINE: Query = { kind: 'all' };

/**
 * Reads a query (docs/query.md): terms side by side have to hold together. Pure.
 * @throws MeshSimError `usage` saying what is wrong, and at which column
 */
export function parseQuery(text: string): Query {
  if (text.length > MOST_CHARACTERS) refuse(1, `a query has at most ${MOST_CHARACTERS} characters`);
  const tokens = tokensOf(text);
  return tokens.length === 0 ? EVERY_LINE : new Parser(tokens, text.length + 1).whole();
}

/** By recursive descent: `or` binds least, then terms side by side, then `not`. */
class Parser {
  readonly #tokens: readonly Token[];
  /** Where the text ends, for what is missing there. */
  readonly #end: number;
  #at = 0;
  #depth = 0;

  constructor(tokens: readonly Token[], end: number) {
    this.#tokens = tokens;
    this.#end = end;
  }

  whole(): Query {
    const query = this.#either();
    const left = this.#next;
    if (left === undefined) return query;
    return refuse(
      left.column,
      isWithin(left)
        ? '"within:" is the last word in preceded-by(…) or followed-by(…)'
        : 'this ")" closes nothing',
    );
  }

  get #next(): Token | undefined {
    return this.#tokens[this.#at];
  }

  #either(): Query {
    const of = [this.#together()];
    while (this.#takes('or')) of.push(this.#together());
    return joined('or', of);
  }

  #together(): Query {
    const of = [this.#one()];
    while (this.#takes('and') || this.#goesOn()) of.push(this.#one());
    return joined('and', of);
  }

  #goesOn(): boolean {
    const next = this.#next;
    return next !== undefined && next.kind !== ')' && !isWord(next, 'or') && !isWithin(next);
  }

  #one(): Query {
    const token = this.#next;
    if (token === undefined || token.kind === ')' || isWithin(token)) {
      return refuse(token?.column ?? this.#end, 'a term is missing here');
    }
    this.#at += 1;
    if (token.kind === '-' || isWord(token, 'not')) {
      return this.#deeper(token, () => ({ kind: 'not', of: this.#one() }));
    }
    if (token.kind === '(') {
      return this.#deeper(token, () => {
        const query = this.#either();
        this.#close(token);
        return query;
      });
    }
    if (token.kind === 'word' && BETWEEN.includes(token.text)) {
      refuse(
        token.column,
        `"${token.text}" stands between two terms: put the word itself in quotes`,
      );
    }
    const temporal = TEMPORAL.find((word) => isWord(token, word));
    if (temporal !== undefined && this.#next?.kind === '(') {
      return this.#deeper(token, () => this.#temporal(temporal));
    }
    return termOf(token);
  }

  /** `preceded-by(… within:500ms)` */
  #temporal(kind: (typeof TEMPORAL)[number]): Query {
    const open = this.#next;
    this.#at += 1;
    const of = this.#either();
    const last = this.#next;
    let withinMs = Infinity;
    if (last !== undefined && isWithin(last)) {
      this.#at += 1;
      withinMs = timeOf(last.text.slice(WITHIN.length), last.column);
    }
    this.#close(open);
    return { kind, of, withinMs };
  }

  #close(open: Token | undefined): void {
    if (this.#next?.kind !== ')') refuse(open?.column ?? this.#end, 'this "(" is not closed');
    this.#at += 1;
  }

  #deeper(token: Token, read: () => Query): Query {
    this.#depth += 1;
    if (this.#depth > DEEPEST) refuse(token.column, `it is nested more than ${DEEPEST} deep`);
    const query = read();
    this.#depth -= 1;
    return query;
  }

  #takes(word: string): boolean {
    const next = this.#next;
    if (next === undefined || !isWord(next, word)) return false;
    this.#at += 1;
    return true;
  }
}

function isWord(token: Token, word: string): boolean {
  return token.kind === 'word' && token.text === word;
}

function isWithin(token: Token): boolean {
  return token.kind === 'word' && token.text.startsWith(WITHIN);
}

function joined(kind: 'and' | 'or', of: readonly Query[]): Query {
  const [only] = of;
  return of.length === 1 && only !== undefined ? only : { kind, of };
}
