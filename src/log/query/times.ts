import type { Span } from './query.ts';
import { refuse } from './refuse.ts';

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000 };

/** `500ms`, `1.5s`, `2m`, in ms. @throws MeshSimError `usage` */
export function timeOf(text: string, column: number): number {
  const { amount, unit = '' } =
    /^(?<amount>\d+(?:\.\d+)?)(?<unit>ms|s|m)$/.exec(text)?.groups ?? {};
  const ms = Number(amount) * (UNITS[unit] ?? NaN);
  return Number.isFinite(ms)
    ? ms
    : refuse(column, `"${text}" is no time such as 500ms, 1.5s or 2m`);
}

/** `>2s`, `<=500ms`, `1s..3s`, or one instant to the millisecond. @throws MeshSimError `usage` */
export function spanOf(text: string, column: number): Span {
  const { sign, limit = '' } = /^(?<sign>[<>]=?)(?<limit>.*)$/s.exec(text)?.groups ?? {};
  if (sign !== undefined) {
    const at = timeOf(limit, column);
    const isOpen = !sign.endsWith('=');
    return sign.startsWith('>')
      ? { from: at, to: Infinity, isOpen }
      : { from: -Infinity, to: at, isOpen };
  }
  const [first = '', last] = text.split('..');
  const from = timeOf(first, column);
  const to = last === undefined ? from : timeOf(last, column);
  if (to < from) refuse(column, `"${text}" ends before it begins`);
  return { from, to, isOpen: false };
}
