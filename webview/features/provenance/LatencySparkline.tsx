import { useMemo } from 'preact/hooks';
import type { VNode } from 'preact';
import { sparkline, type InboundPackets } from '../../draw/sparkline.ts';

const WIDTH = 120;
const HEIGHT = 26;

/** The latency of what reached one node over the run, on the configured range; a diamond for each column with late packets. */
export function LatencySparkline(props: {
  readonly packets: InboundPackets;
  readonly span: number;
  readonly configured: readonly [number, number];
}): VNode {
  const { packets, span, configured } = props;
  const { line, late, band } = useMemo(
    () => sparkline(packets, { width: WIDTH, height: HEIGHT, span, configured }),
    [packets, span],
  );
  return (
    <svg
      class="sparkline"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="xMinYMid"
      role="img"
      aria-label={`${packets.latency.length} packets, late in ${late.length} stretches`}
    >
      <rect class="sparkline-band" y={band.y} width={WIDTH} height={band.height} />
      <path class="sparkline-line" d={line} />
      {late.map((x) => (
        <path key={x} class="sparkline-late" d={`M${x} 0l2.500 2.500-2.500 2.500-2.500-2.500Z`} />
      ))}
    </svg>
  );
}
