import type { LowerBound } from '../../mesh/bound.ts';
import type { NetworkReport } from '../../model/evidence.ts';
import type { SwitchReport } from './switch/control.ts';

export interface Spread {
  /** ms since the run began; Infinity: no chunk was ever sent. */
  readonly firstSent: number;
  readonly lastStored: number;
}

/** `complete`: every node got all content. */
export function networkReport(
  report: SwitchReport,
  bound: LowerBound,
  spread: Spread,
  complete: boolean,
): NetworkReport {
  const measured = spread.lastStored - spread.firstSent;
  const disseminationMs = complete && measured > 0 ? toMicros(measured) : -1;
  return {
    links: report.links,
    decisionsDigest: report.decisionsDigest,
    timingErrorMs: report.timingErrorMs,
    lowerBoundMs: toMicros(bound.ms),
    disseminationMs,
    efficiency: disseminationMs > 0 ? toMicros(bound.ms / disseminationMs) : 0,
    bandwidthModel: bound.model,
  };
}

function toMicros(ms: number): number {
  return Math.round(ms * 1_000) / 1_000;
}
