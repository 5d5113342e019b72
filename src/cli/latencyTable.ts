import type { Paint } from './paint.ts';

const CELL = 7;

/**
 * The measured one-way times as a table, row = from, column = to, coloured over the configured range.
 * @param range [min, max] in ms
 */
export function latencyTable(
  matrix: readonly (readonly number[])[],
  range: readonly [number, number],
  paint: Paint,
): string[] {
  const header = '    ' + matrix.map((_, to) => `n${to}`.padStart(CELL)).join('');
  const rows = matrix.map((row, from) => {
    const cells = row.map((ms, to) => (from === to ? ' '.repeat(CELL) : cell(ms, range, paint)));
    return `${`n${from}`.padEnd(4)}${cells.join('')}`;
  });
  return [paint('dim', header), ...rows];
}

function cell(ms: number, [min, max]: readonly [number, number], paint: Paint): string {
  if (ms < 0) return paint('red', '–'.padStart(CELL));
  const share = max > min ? (ms - min) / (max - min) : 0;
  return paint.heat(share, ms.toFixed(1).padStart(CELL));
}
