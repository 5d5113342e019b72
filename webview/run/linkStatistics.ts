import { OUTCOMES } from '../../src/model/packetClasses.ts';
import type { PacketStore } from './packetStore.ts';

export interface LinkStatistics {
  /** Median and 95th percentile of the latency of delivered packets in ms; undefined without one. */
  readonly p50: number | undefined;
  readonly p95: number | undefined;
  /** Percent of the packets sent that the link lost. */
  readonly loss: number;
  readonly sent: number;
  readonly late: number;
}

export const DELIVERED = OUTCOMES.indexOf('delivered');
/** Outcomes that are not the link's doing. */
export const UNREACHABLE = [OUTCOMES.indexOf('blackholed'), OUTCOMES.indexOf('peer-down')];
/** Above the configured maximum by more than a timer's grain. */
const LATE_GRACE_MS = 2;

export function isLate(latency: number, maxMs: number): boolean {
  return latency > maxMs + LATE_GRACE_MS;
}

/** Per directed link, index from · nodes + to, of packets that arrived or died until `t`. */
export function linkStatistics(
  packets: PacketStore,
  nodes: number,
  t: number,
  maxMs: number,
): LinkStatistics[] {
  const latencies: number[][] = Array.from({ length: nodes * nodes }, () => []);
  const lost = new Uint32Array(nodes * nodes);
  const sent = new Uint32Array(nodes * nodes);
  for (let number = packets.first; number < packets.total; number += 1) {
    const at = packets.at(number);
    const arrived = packets.arrived[at] ?? 0;
    const link = packets.link[at] ?? 0;
    const outcome = packets.outcome[at] ?? 0;
    if (arrived > t || UNREACHABLE.includes(outcome)) continue;
    sent[link] = (sent[link] ?? 0) + 1;
    if (outcome === DELIVERED) latencies[link]?.push(arrived - (packets.sent[at] ?? 0));
    else lost[link] = (lost[link] ?? 0) + 1;
  }
  return latencies.map((all, link) => {
    all.sort((left, right) => left - right);
    const count = sent[link] ?? 0;
    return {
      p50: quantile(all, 0.5),
      p95: quantile(all, 0.95),
      loss: count === 0 ? 0 : (100 * (lost[link] ?? 0)) / count,
      sent: count,
      late: all.filter((latency) => isLate(latency, maxMs)).length,
    };
  });
}

/** Nearest rank. @param sorted ascending */
function quantile(sorted: readonly number[], q: number): number | undefined {
  return sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)];
}
