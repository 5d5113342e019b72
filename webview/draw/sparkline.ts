/** Packets that reached one node, in any order; times in ms since the run began. */
export interface InboundPackets {
  readonly arrived: readonly number[];
  readonly latency: readonly number[];
}

export interface Sparkline {
  /** Path data of the median latency of each column; a column without a packet is a gap. */
  readonly line: string;
  /** Where packets came later than configured: x of a mark at the top. */
  readonly late: readonly number[];
  /** The configured range as a band. */
  readonly band: { readonly y: number; readonly height: number };
}

interface SparklineScale {
  readonly width: number;
  readonly height: number;
  /** ms of the run across the width. */
  readonly span: number;
  readonly configured: readonly [number, number];
}

const COLUMN_WIDTH = 4;
/** The configured maximum stands at this share of the height, so that what is later has room. */
const MAX_AT = 0.7;
/** Above the configured maximum by more than a timer's grain, ms. */
const LATE_GRACE_MS = 2;

export function sparkline(packets: InboundPackets, scale: SparklineScale): Sparkline {
  const { width, height, span, configured } = scale;
  const [min, max] = configured;
  const columns = Math.max(1, Math.floor(width / COLUMN_WIDTH));
  const yOf = (ms: number): number => height * (1 - Math.min(1, (MAX_AT * ms) / Math.max(1, max)));
  const inColumn: number[][] = Array.from({ length: columns }, () => []);
  packets.arrived.forEach((at, index) => {
    const column = Math.min(columns - 1, Math.floor((at / Math.max(1, span)) * columns));
    inColumn[column]?.push(packets.latency[index] ?? 0);
  });
  const xOf = (column: number): number => ((column + 0.5) * width) / columns;
  let line = '';
  let isDrawing = false;
  inColumn.forEach((latencies, column) => {
    const median = medianOf(latencies);
    if (median !== undefined) {
      line += `${isDrawing ? 'L' : 'M'}${xOf(column).toFixed(1)} ${yOf(median).toFixed(1)}`;
      // A lone column would be a line of no length; this much can be seen.
      if (!isDrawing) line += 'h1';
    }
    isDrawing = median !== undefined;
  });
  return {
    line,
    late: inColumn.flatMap((latencies, column) =>
      latencies.some((ms) => ms > max + LATE_GRACE_MS) ? xOf(column) : [],
    ),
    band: { y: yOf(max), height: yOf(min) - yOf(max) },
  };
}

function medianOf(values: readonly number[]): number | undefined {
  return [...values].sort((left, right) => left - right)[Math.floor(values.length / 2)];
}
