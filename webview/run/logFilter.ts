import type { LogRow } from '../../src/log/logRow.ts';
import { Matcher } from '../../src/log/query/matcher.ts';
import { EVERY_LINE } from '../../src/log/query/parseQuery.ts';
import type { Query } from '../../src/log/query/query.ts';

export type ShownLevel = 'Key' | 'All' | 'Problems';

export interface LogCriteria {
  readonly level: ShownLevel;
  /** Asked of all rows, whatever their level: what came before counts, shown or not. */
  readonly query: Query;
  readonly nodeId: string | undefined;
}

/** `Key` hides details, `Problems` shows only what went wrong. */
function isShown(row: LogRow, { level, nodeId }: LogCriteria): boolean {
  if (level === 'Problems' && row.level !== 'problem') return false;
  if (level === 'Key' && row.level === 'detail') return false;
  return nodeId === undefined || row.nodeId === nodeId;
}

/**
 * The rows of a growing log that are shown. Each row is looked at once, until what is asked for changes; all of them once more with
 * each that comes only for a query that looks ahead.
 */
export class LogFilter {
  #log: readonly LogRow[] = [];
  #criteria: LogCriteria = { level: 'Key', query: EVERY_LINE, nodeId: undefined };
  #matcher = new Matcher(EVERY_LINE);
  #read = 0;
  #rows: LogRow[] = [];

  /** The same array as long as nothing but new rows came at the end, and none of the earlier ones is judged anew. */
  rows(log: readonly LogRow[], criteria: LogCriteria): readonly LogRow[] {
    const { level, query, nodeId } = this.#criteria;
    const isSame =
      log === this.#log &&
      level === criteria.level &&
      query === criteria.query &&
      nodeId === criteria.nodeId;
    if (isSame && this.#read === log.length) return this.#rows;
    if (!isSame || this.#matcher.looksAhead) this.#begin(log, criteria);
    const found = this.#matcher.next(log);
    for (let index = 0; index < found.length; index += 1) {
      const row = log[this.#read + index];
      if (found[index] === 1 && row !== undefined && isShown(row, criteria)) this.#rows.push(row);
    }
    this.#read = log.length;
    return this.#rows;
  }

  #begin(log: readonly LogRow[], criteria: LogCriteria): void {
    this.#log = log;
    this.#criteria = criteria;
    this.#matcher = new Matcher(criteria.query);
    this.#read = 0;
    this.#rows = [];
  }
}

/** The index of the last row until `t` ms, where rows are in order of time; -1 if there is none. */
export function rowAt(rows: readonly LogRow[], t: number): number {
  let [low, high] = [0, rows.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((rows[middle]?.at ?? Infinity) <= t) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/**
 * The next row that is later than `t` ms, or with `isBack` the last one that is earlier; beyond the end the search goes on at the other.
 * @param t undefined: the run is followed, so the search begins at an end
 */
export function rowBeside(
  rows: readonly LogRow[],
  t: number | undefined,
  isBack: boolean,
): LogRow | undefined {
  if (t === undefined) return isBack ? rows.at(-1) : rows[0];
  if (!isBack) return rows[rowAt(rows, t) + 1] ?? rows[0];
  return rows.findLast(({ at }) => at < t) ?? rows.at(-1);
}
