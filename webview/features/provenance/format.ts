import { metricAmount } from '../../../src/model/metricAmount.ts';

export function short(hash: string): string {
  return hash.slice(0, 7);
}

export function hash12(hash: string): string {
  return hash.slice(0, 12);
}

export function clockTime(iso: string): string {
  return new Date(iso).toLocaleTimeString([], {
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
}

/** "Today", or "21 Nov". */
export function dayOf(iso: string, today = new Date()): string {
  const day = new Date(iso);
  if (day.toDateString() === today.toDateString()) return 'Today';
  return day.toLocaleDateString([], { day: 'numeric', month: 'short' });
}

/** Seconds with 3 decimals: a time of day in a run. */
export function inRun(ms: number): string {
  return (ms / 1000).toFixed(3);
}

/** Seconds with 2 decimals: how long something took. */
export function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`;
}

export function wholeMs(ms: number | undefined): string {
  return ms === undefined ? '–' : String(Math.round(ms));
}

export function kibibytes(bytes: number): string {
  return bytes < 1024 ? `${bytes} B` : `${(bytes / 1024).toFixed(1)} KiB`;
}

/** @param share 0 to 1, and above where more than all was used */
export function percent(share: number): string {
  if (!Number.isFinite(share)) return 'over';
  const value = 100 * share;
  return `${Number.isInteger(value) || value >= 99.95 ? Math.round(value) : value.toFixed(value < 10 ? 1 : 0)} %`;
}

/** A measured value with the unit that the name of its metric ends with. */
export function measure(metric: string, value: number): string {
  if (metric.endsWith('-ms') || metric.endsWith('-percent')) return metricAmount(metric, value);
  return String(Number(value.toPrecision(4)));
}

/** With one decimal; 0.0 of nothing. */
export function percentOf(part: number, whole: number): string {
  return (whole === 0 ? 0 : (100 * part) / whole).toFixed(1);
}

/** 950, 12.3k: as long as a legend has room for. */
export function shortCount(count: number): string {
  return count < 10_000 ? String(count) : `${(count / 1_000).toFixed(count < 100_000 ? 1 : 0)}k`;
}
