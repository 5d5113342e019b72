import type { WaveSpan } from '../run/upgradeSpans.ts';

/** What a wave is called, the longest first: "wave 3 → new", "wave 3", "3"; of one that failed that comes first. */
export function wordsOf({ wave, to, hasFailed }: WaveSpan): string[] {
  const way = to === 'new' ? '→ new' : '← old';
  const ways = hasFailed
    ? [`wave ${wave} ${way}, failed`, `${wave} failed`]
    : [`wave ${wave} ${way}`];
  return [...ways, `wave ${wave}`, `${wave}`];
}
