import type { HostedNodeReport } from '../../src/model/hostReport.ts';
import type { RehearsalChoice } from './gateWorld.ts';

/** What evidence says of n1 on a machine that ssh reached, but for what is chosen otherwise. */
export function hostedNode(choice: Partial<HostedNodeReport> = {}): HostedNodeReport {
  return {
    ...{ nodeId: 'n1', host: 'edge', kind: 'ssh', os: 'linux', arch: 'x64', node: 'v24.1.0' },
    clock: { start: { offsetMs: 5, errorMs: 0.4 }, end: { offsetMs: 5, errorMs: 0.3 } },
    roundTripMs: { min: 0.6, p50: 0.9 },
    pathMbps: 312,
    arrivals: {
      errorMs: { p50: 0.4, p90: 0.8, p99: 1.2 },
      earlyMs: 0.1,
      links: [{ from: 'n0', count: 40, errorMs: { p50: 0.4, p90: 0.8, p99: 1.2 } }],
    },
    wallSkewMs: 12,
    ...choice,
  };
}

/** A rehearsal whose plan puts these nodes where they lived. */
export function rehearsedOn(...hosts: HostedNodeReport[]): RehearsalChoice {
  const placed = Object.fromEntries(hosts.map(({ nodeId, host }) => [nodeId, host]));
  return { plan: { hosts: placed }, observed: () => ({ hosts }) };
}
