import type { LowerBound } from '../../mesh/bound.ts';
import type { NetworkReport } from '../../model/evidence.ts';
import type { SwitchReport } from './switch/control.ts';

/**
 * A run whose delays' error has its p99 above both of these does not show what its plan says, and is `degraded`. On a LAN
 * a few ms are the machine's own; between regions a tenth of the delay changes no order of events that matters.
 */
const TIMING_BUDGET_MS = 5;
const TIMING_BUDGET_SHARE = 0.1;

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

export function isDegraded({ timingErrorMs, links }: SwitchReport): boolean {
  const delays = links.flatMap(({ configuredMs }) => configuredMs?.p50 ?? []).sort((a, b) => a - b);
  const usual = delays[delays.length >> 1] ?? 0;
  const budget = Math.max(TIMING_BUDGET_MS, usual * TIMING_BUDGET_SHARE);
  return timingErrorMs !== null && timingErrorMs.p99 > budget;
}

function toMicros(ms: number): number {
  return Math.round(ms * 1_000) / 1_000;
}
