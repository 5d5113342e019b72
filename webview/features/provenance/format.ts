export function short(hash: string): string {
  return hash.slice(0, 7);
}

export function clockTime(iso: string): string {
  return new Date(iso).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
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

export function wholeMs(ms: number | undefined): string {
  return ms === undefined ? '–' : String(Math.round(ms));
}

export function kibibytes(bytes: number): string {
  return bytes < 1024 ? `${bytes} B` : `${(bytes / 1024).toFixed(1)} KiB`;
}
