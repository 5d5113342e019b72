import type { EvidenceExtension } from '../../model/evidence.ts';
import type { MachineDifference } from '../../model/runComparison.ts';
import { changesBetween } from './changes.ts';

/** What ran the two that differs: the machine, how far nodes were kept apart, the hosts of nodes, programs of the machine. */
export function machineDifference(a: EvidenceExtension, b: EvidenceExtension): MachineDifference {
  return { changes: changesBetween(machineOf(a), machineOf(b)) };
}

/** By names and not by place, so that one node more is one change. */
function machineOf(evidence: EvidenceExtension) {
  const hosts = ('hosts' in evidence ? evidence.hosts : undefined) ?? [];
  const programs = ('programs' in evidence ? evidence.programs : undefined) ?? [];
  return {
    ...evidence.environment,
    hosts: Object.fromEntries(
      // What was measured of a way or a clock differs from run to run, and is no property of the host.
      hosts.map(({ nodeId, host, kind, os, arch, node, identity }) => [
        nodeId,
        { host, kind, os, arch, node, ...(identity === undefined ? {} : { identity }) },
      ]),
    ),
    programs: Object.fromEntries(
      programs.map(({ nodeId, service, ...found }) => [`${service} on ${nodeId}`, found]),
    ),
  };
}
