import type { LogRow } from '../../src/log/logRow.ts';

/** Nearer moments count as one: a step that moves nothing one can see is none. */
const APART_MS = 1;

export type MomentKind = 'key' | 'problem';

function isOf(row: LogRow, kind: MomentKind): boolean {
  return kind === 'problem' ? row.level === 'problem' : row.level !== 'detail';
}

/** The next key event or problem after `t`, ms; undefined: none. Rows are in order of time. */
export function momentAfter(
  rows: readonly LogRow[],
  t: number,
  kind: MomentKind,
): number | undefined {
  for (let index = firstAfter(rows, t + APART_MS); index < rows.length; index += 1) {
    const row = rows[index];
    if (row !== undefined && isOf(row, kind)) return row.at;
  }
  return undefined;
}

/** The last one before `t`, ms. */
export function momentBefore(
  rows: readonly LogRow[],
  t: number,
  kind: MomentKind,
): number | undefined {
  for (let index = firstAfter(rows, t) - 1; index >= 0; index -= 1) {
    const row = rows[index];
    if (row !== undefined && row.at < t - APART_MS && isOf(row, kind)) return row.at;
  }
  return undefined;
}

function firstAfter(rows: readonly LogRow[], t: number): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((rows[middle]?.at ?? Infinity) <= t) low = middle + 1;
    else high = middle;
  }
  return low;
}
