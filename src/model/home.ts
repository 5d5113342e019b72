import type { HostKind } from './hostKinds.ts';

/** Where a node lives that does not live on the machine that rehearses. Host and kind are the plan's; the rest is the host's own claim. */
export interface Home {
  readonly host: string;
  readonly kind: HostKind;
  readonly os: string;
  readonly arch: string;
  /** Version of Node.js there. */
  readonly node: string;
}

/** "edge (ssh, linux x64, Node.js v24.1.0)" */
export function homeWords({ host, kind, os, arch, node }: Home): string {
  return `${host} (${kind}, ${os} ${arch}, Node.js ${node})`;
}

/** The way there, as it was measured before the run. */
export interface Way {
  /** The fastest. */
  readonly roundTripMs: number;
  /** What it carried each way, both at once, in Mbit/s; left out: that is not known. */
  readonly pathMbps?: number | undefined;
}

/** What follows of the round trip: no packet is nearer than half of it. "round trip 0.8 ms, 0.4 ms at least each way, 312 Mbit/s" */
export function wayWords({ roundTripMs, pathMbps }: Way): string {
  const carries = pathMbps === undefined ? '' : `, ${rateWords(pathMbps)}`;
  return `round trip ${roundTripMs.toFixed(1)} ms, ${(roundTripMs / 2).toFixed(1)} ms at least each way${carries}`;
}

/** "1.9 Mbit/s", "312 Mbit/s" */
export function rateWords(mbps: number): string {
  return `${mbps.toFixed(mbps < 10 ? 1 : 0)} Mbit/s`;
}
