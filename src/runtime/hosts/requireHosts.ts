import { MeshSimError } from '../../base/errors.ts';
import { otherHosts } from '../../model/hostPlacement.ts';
import { HOSTS_FILE, type HostsFile } from '../../model/hosts.ts';
import { nodeIdOf, nodeIndexOf } from '../../model/nodeIds.ts';
import type { Plan } from '../../model/plan.ts';

/**
 * That a plan's hosts are described.
 * @param file where they are described
 * @throws MeshSimError `plan-invalid` with what to do
 */
export function requireHosts(plan: Plan, hosts: HostsFile['hosts'], file = HOSTS_FILE): void {
  const { nodes } = plan.params;
  const stranger = Object.keys(plan.hosts ?? {}).find(
    (node) => node !== '*' && nodeIndexOf(node) >= nodes,
  );
  if (stranger !== undefined) {
    throw invalid(
      `hosts: the plan puts ${stranger} on a host, but has n0 to ${nodeIdOf(nodes - 1)}.`,
    );
  }
  const missing = otherHosts(plan.hosts, nodes).filter(({ host }) => !Object.hasOwn(hosts, host));
  if (missing.length > 0) throw invalid(notDescribed(missing, file, Object.keys(hosts)));
}

/** Every host that lacks, so that nobody has to come back for the next one. */
function notDescribed(
  missing: ReturnType<typeof otherHosts>,
  file: string,
  known: readonly string[],
): string {
  const told = missing.map(({ host, nodes }) => `${nodes.join(', ')} on the host "${host}"`);
  const which = missing.length === 1 ? 'which is not described' : 'which are not described';
  const there = known.length === 0 ? 'none' : known.join(', ');
  return `The plan puts ${told.join(' and ')}, ${which}: ${file} has ${there}.`;
}

function invalid(sentence: string): MeshSimError {
  return new MeshSimError('plan-invalid', sentence);
}
