import type { VNode } from 'preact';
import type { NodeStrip } from '../../draw/phaseStrip.ts';
import { seconds } from './format.ts';

/** Across the whole strip, in its own units. */
const WIDTH = 1000;
const HEIGHT = 14;

/** A node's phases as one bar; what it was in is said in words for who cannot see it. */
export function PhaseStrip(props: { readonly strip: NodeStrip; readonly span: number }): VNode {
  const { strip, span } = props;
  const xOf = (ms: number): number => (WIDTH * ms) / Math.max(1, span);
  const words = strip.segments.map(({ kind, start }) => `${kind} at ${seconds(start)}`).join(', ');
  return (
    <svg
      class="phase-strip"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={words}
    >
      {strip.segments.map(({ kind, start, end }) => (
        <g key={`${kind}${start}`} class={`strip-part is-${kind}`}>
          <rect x={xOf(start)} width={xOf(end) - xOf(start)} height={HEIGHT} />
          <path d={`M${xOf(start)} 1H${xOf(end)}`} />
        </g>
      ))}
    </svg>
  );
}
