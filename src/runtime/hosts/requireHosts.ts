import { MeshSimError } from '../../base/errors.ts';
import { scheduleOf } from '../../model/chaosPresets.ts';
import { LOCAL_HOST } from '../../model/hostKinds.ts';
import { hostsOfNodes } from '../../model/hostPlacement.ts';
import { HOSTS_FILE, type HostsFile } from '../../model/hosts.ts';
import { nodeIdOf, nodeIndexOf } from '../../model/nodeIds.ts';
import type { Plan } from '../../model/plan.ts';

/**
 * That a plan's hosts are described, and can do what it asks of them.
 * @throws MeshSimError `plan-invalid` with what to do
 */
export function requireHosts(plan: Plan, hosts: HostsFile['hosts']): void {
  const { nodes } = plan.params;
  const stranger = Object.keys(plan.hosts ?? {}).find(
    (node) => node !== '*' && nodeIndexOf(node) >= nodes,
  );
  if (stranger !== undefined) {
    throw invalid(
      `hosts: the plan puts ${stranger} on a host, but has n0 to ${nodeIdOf(nodes - 1)}.`,
    );
  }
  const names = hostsOfNodes(plan.hosts, nodes);
  for (const [index, host] of names.entries()) {
    if (host === LOCAL_HOST || Object.hasOwn(hosts, host)) continue;
    const known = Object.keys(hosts);
    const there = known.length === 0 ? 'none' : known.join(', ');
    throw invalid(
      `The plan puts ${nodeIdOf(index)} on the host "${host}", which is not described: ${HOSTS_FILE} has ${there}.`,
    );
  }
  for (const { do: effect } of scheduleOf(plan.chaos, nodes)) {
    if (!('fillDisk' in effect)) continue;
    const host = names[nodeIndexOf(effect.fillDisk)] ?? LOCAL_HOST;
    if (host === LOCAL_HOST) continue;
    throw invalid(
      `The plan fills the disk of ${effect.fillDisk}, which lives on ${host}: disks are filled on this machine alone; choose another node.`,
    );
  }
}

function invalid(sentence: string): MeshSimError {
  return new MeshSimError('plan-invalid', sentence);
}
