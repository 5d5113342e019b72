import { meshAddressOf, OWN_ADDRESS } from '../../model/meshAddress.ts';
import { nodeIdOf } from '../../model/nodeIds.ts';

const SUFFIX = '.mesh';
export interface MeshPlaces {
  /** Of the node that asks. */
  readonly index: number;
  /** How many nodes there are. */
  readonly nodes: number;
  /** Service → indices of the nodes that run it, in the order in which they are to be tried. */
  readonly places: Readonly<Record<string, readonly number[]>>;
}

/**
 * What names of the mesh stand for inside the box of a node: `n2` and `n2.mesh` are that node, `orders.n2` is the service on
 * that node, if it runs there, `orders` is the service on this one, or else on every node that runs it. Undefined: the name is
 * none of the mesh's.
 */
export function meshNames({
  index,
  nodes,
  places,
}: MeshPlaces): (name: string) => readonly string[] | undefined {
  const names = new Map<string, readonly string[]>();
  const addressOf = (node: number) => (node === index ? OWN_ADDRESS : meshAddressOf(node));
  for (const [service, running] of Object.entries(places)) {
    names.set(service, running.includes(index) ? [OWN_ADDRESS] : running.map(meshAddressOf));
    for (const node of running) names.set(`${service}.${nodeIdOf(node)}`, [addressOf(node)]);
  }
  for (let node = 0; node < nodes; node += 1) names.set(nodeIdOf(node), [addressOf(node)]);
  return (name) => {
    const plain = name.toLowerCase().replace(/\.$/, '');
    return (
      names.get(plain) ??
      (plain.endsWith(SUFFIX) ? names.get(plain.slice(0, -SUFFIX.length)) : undefined)
    );
  };
}
