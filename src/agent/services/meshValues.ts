import { MeshSimError } from '../../base/errors.ts';
import type { MeshValues } from '../../capsule/placeholders.ts';
import type { Peer } from '../../capsule/peers.ts';
import { meshAddressOf, OWN_ADDRESS } from '../../model/meshAddress.ts';
import { nodeIdOf } from '../../model/nodeIds.ts';
import type { LaunchCommand } from '../../wire/control.ts';

/**
 * What placeholders say of the mesh on this node. `why`: services of other nodes cannot be named by address and port, one
 * clause; undefined: they can. Asking for them then throws MeshSimError `service-failed`.
 */
export function meshValues(
  {
    nodeId,
    index,
    nodes,
    services,
  }: Pick<LaunchCommand, 'nodeId' | 'index' | 'nodes' | 'services'>,
  why: string | undefined,
): MeshValues {
  const everywhere = Array.from({ length: nodes }, (_, node) => node);
  return {
    address: why === undefined ? meshAddressOf(index) : OWN_ADDRESS,
    peers: (service): Peer[] => {
      const places = Object.hasOwn(services.places, service)
        ? [...(services.places[service] ?? [])].sort((one, other) => one - other)
        : everywhere;
      if (why === undefined) {
        return places.map((node) => ({ id: nodeIdOf(node), host: meshAddressOf(node) }));
      }
      if (places.every((node) => node === index)) return [{ id: nodeId, host: OWN_ADDRESS }];
      throw new MeshSimError(
        'service-failed',
        `\${peers:${service}.…} names services of other nodes, but those of ${nodeId} reach none: ${why}. Use \${service:NAME.PORT} of the same node, or run on a machine that gives nodes a wire.`,
      );
    },
  };
}
