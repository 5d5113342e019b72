import type { RunObservation } from '../model/observation.ts';
import type { VirtualSummary } from '../runtime/virtual/run.ts';
import { invariantLine } from './invariantLine.ts';
import { seconds } from './liveView.ts';
import type { Paint } from './paint.ts';
import { upgradeLines } from './upgradeLines.ts';

/** The summary of a virtual run of which there is no evidence. */
export function virtualSummary(
  run: RunObservation,
  virtual: VirtualSummary,
  paint: Paint,
): string[] {
  const { nodes } = run.plan.params;
  const { decisionsDigest } = run.network;
  const passed = run.outcome === 'pass';
  const mark = passed ? paint(['bold', 'green'], '✔ PASS') : paint(['bold', 'red'], '✖ FAIL');
  const readyAt = virtual.readyAtMs;
  const eventsPerSecond = virtual.cpuMs === 0 ? 0 : (virtual.events / virtual.cpuMs) * 1000;
  return [
    '',
    `${mark}  ${virtual.ready} of ${nodes} virtual nodes healthy${run.cause === undefined ? '' : `  ${run.cause}`}`,
    '',
    readyAt === null
      ? 'READY      never'
      : `READY      p50 ${seconds(readyAt.p50)}, p90 ${seconds(readyAt.p90)}, p99 ${seconds(readyAt.p99)} s of virtual time`,
    `Spread     ${run.network.disseminationMs.toFixed(0)} ms; no protocol could beat ${run.network.lowerBoundMs.toFixed(0)} ms (${run.network.bandwidthModel})`,
    `Packets    ${virtual.packets}`,
    `Events     ${virtual.events} in ${seconds(virtual.cpuMs)} s of CPU (${(eventsPerSecond / 1e6).toFixed(2)} M/s)`,
    ...(decisionsDigest === '' ? [] : [`Decisions  ${decisionsDigest}`]),
    `Trace      ${virtual.traceHash}`,
    ...upgradeLines(run.upgrade),
    ...run.invariants.map((invariant) => invariantLine(invariant, paint)),
    '',
    paint('dim', 'Not sealed: evidence covers 2 to 10 nodes.'),
  ];
}
