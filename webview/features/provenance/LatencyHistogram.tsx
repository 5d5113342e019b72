import { useRef } from 'preact/hooks';
import type { VNode } from 'preact';
import { histogramBars, shareOf, type HistogramScale } from '../../draw/histogram.ts';
import type { LinkStatistics } from '../../run/linkStatistics.ts';
import { useSize } from '../../ui/useSize.ts';
import { wholeMs } from './format.ts';

/** An edge of the bars falls on the configured maximum: it stands at three quarters of the scale. */
const BARS = 48;
/** Bars stand on this line and grow up to the one of the labels. */
const PLOT_PX = 42;
const BARS_TOP_PX = 13;
const HEIGHT_PX = 58;
/** Labels of the axis and of quantiles closer than this would run into each other. */
const LABEL_PX = 46;

/** How long packets took, on the scale of the heat: the configured range shaded, what was late in its own colour. */
export function LatencyHistogram(props: {
  /** Counts by the bins of run/latencyBins.ts. */
  readonly bins: Uint32Array;
  readonly scale: HistogramScale;
  readonly statistics: Pick<LinkStatistics, 'p50' | 'p95' | 'late'>;
  /** Of handshakes between services, there and back: what their server took is in it, so none is called late. */
  readonly isTrip?: boolean;
}): VNode {
  const { bins, scale, statistics, isTrip } = props;
  const box = useRef<HTMLElement>(null);
  const { width } = useSize(box);
  const { p50, p95, late } = statistics;
  const x = (ms: number): number => shareOf(scale, ms) * width;
  const quantiles = p50 === undefined ? '' : `, p50 ${wholeMs(p50)} ms, p95 ${wholeMs(p95)} ms`;
  const configured = `configured ${scale.min} to ${scale.max} ms`;
  const caption = isTrip === true ? `${configured} there and back` : `${configured}, ${late} late`;
  return (
    <figure class="histogram" ref={box}>
      <svg width={width} height={HEIGHT_PX} role="img" aria-label={`${caption}${quantiles}`}>
        <rect
          class="configured"
          x={x(scale.min)}
          width={x(scale.max) - x(scale.min)}
          y={BARS_TOP_PX}
          height={PLOT_PX - BARS_TOP_PX}
        />
        <Bars bins={bins} scale={scale} width={width} />
        <path class="base" d={`M0 ${PLOT_PX}.5H${width}`} />
        {p50 !== undefined && <Quantile name="p50" ms={p50} x={x(p50)} width={width} />}
        {p95 !== undefined && <Quantile name="p95" ms={p95} x={x(p95)} width={width} />}
        <Axis scale={scale} x={x} width={width} />
      </svg>
      <figcaption class="quiet">{caption}</figcaption>
    </figure>
  );
}

/** The two colours as one path each: a bar is not an element of its own. */
function Bars(props: {
  readonly bins: Uint32Array;
  readonly scale: HistogramScale;
  readonly width: number;
}): VNode {
  const { bins, scale, width } = props;
  const bars = histogramBars(bins, scale, BARS);
  const most = Math.max(1, ...bars.map(({ count }) => count));
  const step = width / BARS;
  const path = (isLate: boolean): string =>
    bars
      .map((bar, index) => {
        if (bar.count === 0 || bar.isLate !== isLate) return '';
        const height = Math.max(1, (bar.count / most) * (PLOT_PX - BARS_TOP_PX));
        return `M${(index * step).toFixed(1)} ${PLOT_PX}v${(-height).toFixed(1)}h${Math.max(1, step - 1).toFixed(1)}V${PLOT_PX}Z`;
      })
      .join('');
  return (
    <>
      <path class="bars" d={path(false)} />
      <path class="bars late" d={path(true)} />
    </>
  );
}

function Quantile(props: {
  readonly name: 'p50' | 'p95';
  readonly ms: number;
  readonly x: number;
  readonly width: number;
}): VNode {
  const { name, ms, x, width } = props;
  // The upper one is written on the right of its line, the median on the left: they do not meet.
  const isLeft = name === 'p50' ? x > LABEL_PX : x > width - LABEL_PX;
  return (
    <g class="quantile">
      <path d={`M${x.toFixed(1)} 2V${PLOT_PX}`} />
      <text x={x + (isLeft ? -3 : 3)} y="10" text-anchor={isLeft ? 'end' : 'start'}>
        {name} {wholeMs(ms)}
      </text>
    </g>
  );
}

function Axis({
  scale,
  x,
  width,
}: {
  readonly scale: HistogramScale;
  readonly x: (ms: number) => number;
  readonly width: number;
}): VNode {
  const { min, max, end } = scale;
  const hasMin = x(min) > 14 && x(max) - x(min) > 24;
  return (
    <g class="axis-labels">
      <text x="0" y={HEIGHT_PX - 3}>
        0
      </text>
      {hasMin && (
        <text x={x(min)} y={HEIGHT_PX - 3} text-anchor="middle">
          {min}
        </text>
      )}
      {width - x(max) > LABEL_PX && max > 0 && (
        <text x={x(max)} y={HEIGHT_PX - 3} text-anchor="middle">
          {max}
        </text>
      )}
      <text x={width} y={HEIGHT_PX - 3} text-anchor="end">
        {end} ms
      </text>
    </g>
  );
}
