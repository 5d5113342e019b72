import type { Figure } from './figure.ts';

/** Three significant digits; large numbers whole. */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return '–';
  if (value === 0 || Math.abs(value) >= 100) return String(Math.round(value));
  return String(Number(value.toPrecision(3)));
}

export const COLUMNS = ['suite', 'figure', 'median', 'quartiles', 'target', 'reached', ''] as const;

function targetText({ target }: Figure): string {
  if (target === undefined) return '';
  if (target.comparator === 'within') {
    return `${formatNumber(target.low)} – ${formatNumber(target.high)}`;
  }
  return `${target.comparator === '<=' ? '≤' : '≥'} ${formatNumber(target.value)}`;
}

function reachedText({ reached }: Figure): string {
  if (reached === undefined) return '';
  return reached ? 'yes' : 'NO';
}

/** The cells of one figure, in the order of COLUMNS. */
export function rowOf(figure: Figure): string[] {
  const { suite, name, unit, spread, noisy } = figure;
  const isOnce = spread.rounds < 2;
  return [
    suite,
    name,
    `${formatNumber(spread.median)} ${unit}`.trim(),
    isOnce ? '' : `${formatNumber(spread.q1)} – ${formatNumber(spread.q3)}`,
    targetText(figure),
    reachedText(figure),
    noisy ? 'noisy' : '',
  ];
}

/** An aligned table for a terminal; notes follow on lines of their own. */
export function textTable(figures: readonly Figure[]): string {
  const rows = [COLUMNS as readonly string[], ...figures.map(rowOf)];
  const widths = COLUMNS.map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  const [head = [], ...body] = rows;
  const rule = '─'.repeat(widths.reduce((sum, width) => sum + width + 2, -2));
  return [line(head), rule, ...body.map(line)].join('\n');
}
