import { meshAddressOf } from '../../model/meshAddress.ts';
import { nodeIdOf } from '../../model/nodeIds.ts';

const SUFFIX = '.mesh';
const OWN = '127.0.0.1';

/**
 * What names of the mesh stand for inside the box of a node: `n2` and `n2.mesh` are that node, `orders.n2` is the service on
 * that node, `orders` is the service on this one. All nodes run all services. Undefined: the name is none of the mesh's.
 */
export function meshNames(
  index: number,
  nodes: number,
  services: readonly string[],
): (name: string) => string | undefined {
  const names = new Map<string, string>(services.map((service) => [service, OWN]));
  for (let node = 0; node < nodes; node += 1) {
    const id = nodeIdOf(node);
    const address = node === index ? OWN : meshAddressOf(node);
    names.set(id, address);
    for (const service of services) names.set(`${service}.${id}`, address);
  }
  return (name) => {
    const plain = name.toLowerCase().replace(/\.$/, '');
    return (
      names.get(plain) ??
      (plain.endsWith(SUFFIX) ? names.get(plain.slice(0, -SUFFIX.length)) : undefined)
    );
  };
}
