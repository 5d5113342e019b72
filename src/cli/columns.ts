import { padVisible, visibleLength } from './paint.ts';

/** Cells in columns as wide as the widest of each; the last is not padded. */
export function columns(rows: readonly (readonly string[])[]): string[] {
  const widths = rows.reduce<number[]>(
    (widest, row) => row.map((cell, at) => Math.max(widest[at] ?? 0, visibleLength(cell))),
    [],
  );
  return rows.map((row) =>
    row
      .map((cell, at) => padVisible(cell, widths[at] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
