import { useRef } from 'preact/hooks';
import type { VNode } from 'preact';
import type { Evidence } from '../../../src/model/api.ts';
import type { EvidenceExtension } from '../../../src/model/evidence.ts';
import { latencyShape } from '../../draw/latencyShape.ts';
import { histogramScale, shareOf } from '../../draw/histogram.ts';
import { useSize } from '../../ui/useSize.ts';

const BARS = 24;
const HEIGHT = 56;
const TEXT = 16;

/** How long packets took from node to node, by the signed quantiles of each link; the baseline as an outline. */
export function HopLatency(props: {
  readonly extension: EvidenceExtension;
  readonly baseline: Evidence['baseline'];
}): VNode {
  const { extension, baseline } = props;
  const box = useRef<HTMLDivElement>(null);
  const { width } = useSize(box);
  const [min, max] = extension.plan.params.latencyMs;
  const scale = histogramScale([min, max]);
  const across = { from: min, end: scale.end, bars: BARS };
  const own = latencyShape(extension.network.links, across);
  const before = baseline === undefined ? [] : latencyShape(baseline.network.links, across);
  const top = Math.max(...own, ...before, Number.MIN_VALUE);
  const barWidth = width / BARS;
  const yOf = (share: number): number => HEIGHT * (1 - share / top);
  const outline = before
    .map((share, bar) => `${bar === 0 ? 'M' : 'L'}${bar * barWidth} ${yOf(share)}h${barWidth}`)
    .join('');
  const [minX, maxX] = [width * shareOf(scale, min), width * shareOf(scale, max)];
  return (
    <section class="hop-latency" aria-label="Hop latency">
      <h3 class="section-head">
        Hop latency{' '}
        <span class="quiet">
          {baseline === undefined ? 'no earlier passing run' : 'this run, baseline as outline'}
        </span>
      </h3>
      <div ref={box}>
        <svg
          width={width}
          height={HEIGHT + TEXT}
          role="img"
          aria-label={`Configured ${min} to ${max} ms. ${wordsFor(extension)}`}
        >
          <rect class="hop-configured" x={minX} width={maxX - minX} height={HEIGHT} />
          {own.map((share, bar) => (
            <rect
              key={bar}
              class={bar * barWidth >= maxX ? 'hop-bar late' : 'hop-bar'}
              x={bar * barWidth + 0.5}
              y={yOf(share)}
              width={Math.max(0, barWidth - 1)}
              height={HEIGHT - yOf(share)}
            />
          ))}
          {outline !== '' && <path class="hop-before" d={outline} />}
          <path class="hop-axis" d={`M0 ${HEIGHT}H${width}`} />
          <text x={minX} y={HEIGHT + 12}>
            {min}
          </text>
          <text x={maxX} y={HEIGHT + 12} text-anchor="middle">
            {max}
          </text>
          <text x={width} y={HEIGHT + 12} text-anchor="end">
            {scale.end} ms
          </text>
        </svg>
      </div>
    </section>
  );
}

function wordsFor({ network }: EvidenceExtension): string {
  const slowest = network.links.reduce(
    (most, { achievedMs }) => Math.max(most, achievedMs?.p99 ?? 0),
    0,
  );
  return `Of the slowest link, 99 of 100 packets took at most ${Math.round(slowest)} ms.`;
}
