import type { LogRow } from '../../src/log/logRow.ts';

export type ShownLevel = 'Key' | 'All' | 'Problems';

export interface LogCriteria {
  readonly level: ShownLevel;
  /** Separated by spaces; all must occur. */
  readonly words: string;
  readonly nodeId: string | undefined;
}

/** True if a row is to be shown: `Key` hides details, `Problems` shows only what went wrong. */
export function isShown(row: LogRow, { level, words, nodeId }: LogCriteria): boolean {
  if (level === 'Problems' && row.level !== 'problem') return false;
  if (level === 'Key' && row.level === 'detail') return false;
  if (nodeId !== undefined && row.nodeId !== nodeId) return false;
  if (words === '') return true;
  const text = `${row.nodeId} ${row.text}`.toLowerCase();
  return words
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

/** The rows of a growing log that are shown. Each row is looked at once, until what is asked for changes. */
export class LogFilter {
  #log: readonly LogRow[] = [];
  #criteria: LogCriteria = { level: 'Key', words: '', nodeId: undefined };
  #read = 0;
  #rows: LogRow[] = [];

  /** The same array as long as nothing but new rows came. */
  rows(log: readonly LogRow[], criteria: LogCriteria): readonly LogRow[] {
    const { level, words, nodeId } = this.#criteria;
    const isSame =
      log === this.#log &&
      level === criteria.level &&
      words === criteria.words &&
      nodeId === criteria.nodeId;
    if (!isSame) {
      this.#log = log;
      this.#criteria = criteria;
      this.#read = 0;
      this.#rows = [];
    }
    for (; this.#read < log.length; this.#read += 1) {
      const row = log[this.#read];
      if (row !== undefined && isShown(row, criteria)) this.#rows.push(row);
    }
    return this.#rows;
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
