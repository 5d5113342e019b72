import type { LogRow } from '../logRow.ts';
import type { Query, Span } from './query.ts';

/** For the rows from an index on: 1 for each that answers. It remembers the rows before, and is asked for each row once. */
type Step = (rows: readonly LogRow[], from: number) => Uint8Array;

/**
 * Answers a query about a log that grows at its end, in time that grows with the rows that are new. What looks ahead (`followed-by`)
 * has to look at all rows again: see `looksAhead`.
 */
export class Matcher {
  /** Whether a row that comes may change what was said of earlier ones. */
  readonly looksAhead: boolean;
  readonly #query: Query;
  #step: Step;
  #read = 0;

  constructor(query: Query) {
    this.#query = query;
    this.#step = stepOf(query);
    this.looksAhead = looksAhead(query);
  }

  /** 1 for each row from the first one that was not there the last time; of a query that looks ahead, of all rows. */
  next(rows: readonly LogRow[]): Uint8Array {
    if (this.looksAhead) {
      this.#step = stepOf(this.#query);
      this.#read = 0;
    }
    const found = this.#step(rows, this.#read);
    this.#read = rows.length;
    return found;
  }
}

/** The rows that answer. */
export function matching(rows: readonly LogRow[], query: Query): LogRow[] {
  const found = new Matcher(query).next(rows);
  return rows.filter((_row, index) => found[index] === 1);
}

function looksAhead(query: Query): boolean {
  if (query.kind === 'followed-by') return true;
  if (!('of' in query)) return false;
  return Array.isArray(query.of) ? query.of.some(looksAhead) : looksAhead(query.of as Query);
}

function stepOf(query: Query): Step {
  switch (query.kind) {
    case 'all':
      return each(() => true);
    case 'text':
      return each((row) => `${row.nodeId} ${row.text}`.toLowerCase().includes(query.text));
    case 'at':
      return each(({ at }) => isIn(query, at));
    case 'fact': {
      const patterns = query.values.map(patternOf);
      return each((row) => {
        const value = (query.key === 'level' ? row.level : row.facts[query.key])?.toLowerCase();
        return value !== undefined && patterns.some((matches) => matches(value));
      });
    }
    case 'not': {
      const step = stepOf(query.of);
      return (rows, from) => step(rows, from).map((bit) => 1 - bit);
    }
    case 'and':
    case 'or': {
      const steps = query.of.map(stepOf);
      const isAnd = query.kind === 'and';
      return (rows, from) => {
        const [first = new Uint8Array(), ...others] = steps.map((step) => step(rows, from));
        for (const other of others) {
          other.forEach((bit, at) => {
            first[at] = isAnd ? (first[at] ?? 0) & bit : (first[at] ?? 0) | bit;
          });
        }
        return first;
      };
    }
    case 'preceded-by':
      return precededBy(stepOf(query.of), query.withinMs);
    case 'followed-by':
      return followedBy(stepOf(query.of), query.withinMs);
  }
}

function each(answers: (row: LogRow) => boolean): Step {
  return (rows, from) => Uint8Array.from(rows.slice(from), (row) => (answers(row) ? 1 : 0));
}

/** The nearest one before decides: all earlier ones are farther away. */
function precededBy(step: Step, withinMs: number): Step {
  let lastAt: number | undefined;
  return (rows, from) => {
    const found = step(rows, from);
    return found.map((bit, index) => {
      const at = rows[from + index]?.at ?? 0;
      const answer = lastAt !== undefined && at - lastAt <= withinMs ? 1 : 0;
      if (bit === 1) lastAt = at;
      return answer;
    });
  };
}

function followedBy(step: Step, withinMs: number): Step {
  return (rows, from) => {
    const found = step(rows, from);
    let nextAt: number | undefined;
    for (let index = found.length - 1; index >= 0; index -= 1) {
      const at = rows[from + index]?.at ?? 0;
      const isIt = found[index] === 1;
      found[index] = nextAt !== undefined && nextAt - at <= withinMs ? 1 : 0;
      if (isIt) nextAt = at;
    }
    return found;
  };
}

function isIn({ from, to, isOpen }: Span, at: number): boolean {
  return isOpen ? at > from && at < to : at >= from && at <= to;
}

/** `*` is any text; everything else stands for itself. */
function patternOf(value: string): (text: string) => boolean {
  if (!value.includes('*')) return (text) => text === value;
  const parts = value.split(/\*+/).map((part) => part.replaceAll(/[\\^$.|?+()[\]{}]/g, '\\$&'));
  const pattern = new RegExp(`^${parts.join('.*')}$`, 's');
  return (text) => pattern.test(text);
}
