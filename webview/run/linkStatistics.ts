import { OUTCOMES } from '../../src/model/packetClasses.ts';

export const DELIVERED = OUTCOMES.indexOf('delivered');
/** Outcomes that are not the link's doing. */
export const UNREACHABLE: readonly number[] = [
  OUTCOMES.indexOf('blackholed'),
  OUTCOMES.indexOf('peer-down'),
];
/** Above the configured maximum by more than a timer's grain. */
const LATE_GRACE_MS = 2;

export function isLate(latency: number, maxMs: number): boolean {
  return latency > maxMs + LATE_GRACE_MS;
}

export interface LinkStatistics {
  /**
   * Median and 95th percentile of the latency of delivered packets in ms, to 0.4 % (see latencyBins.ts);
   * undefined without one.
   */
  readonly p50: number | undefined;
  readonly p95: number | undefined;
  /** Percent of the packets sent that the link lost. */
  readonly loss: number;
  readonly sent: number;
  readonly late: number;
}

export interface MeshStatistics {
  /** By directed link, index from · nodes + to. */
  readonly links: readonly LinkStatistics[];
  readonly all: LinkStatistics;
  /** Latencies of all delivered packets, by bin of latencyBins.ts. */
  readonly bins: Uint32Array;
}
