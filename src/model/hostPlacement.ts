import { LOCAL_HOST } from './hostKinds.ts';
import { nodeIdOf } from './nodeIds.ts';

/** The key of a plan's hosts that stands for all nodes it does not name. */
export const OTHER_NODES = '*';

/** Node → its host, as a plan says it; `*`: all others but n0, which take these in turn. One that is not named lives on this machine. */
export type HostPlacement = Readonly<Record<string, string | readonly string[]>>;

/** The host of each node, by index. n0 hands the Capsule out, and lives here unless the plan says otherwise. */
export function hostsOfNodes(placement: HostPlacement | undefined, nodes: number): string[] {
  const others = [placement?.[OTHER_NODES] ?? []].flat();
  let turn = 0;
  return Array.from({ length: nodes }, (_, index) => {
    const named = placement?.[nodeIdOf(index)];
    if (named !== undefined) return [named].flat()[0] ?? LOCAL_HOST;
    if (index === 0 || others.length === 0) return LOCAL_HOST;
    turn += 1;
    return others[(turn - 1) % others.length] ?? LOCAL_HOST;
  });
}

/** Whether any node lives elsewhere. */
export function isSpread(placement: HostPlacement | undefined, nodes: number): boolean {
  return hostsOfNodes(placement, nodes).some((host) => host !== LOCAL_HOST);
}

/** The hosts besides this machine that nodes live on, with those nodes, in order of the first. */
export function otherHosts(
  placement: HostPlacement | undefined,
  nodes: number,
): { readonly host: string; readonly nodes: readonly string[] }[] {
  const homes = hostsOfNodes(placement, nodes);
  const names = [...new Set(homes)].filter((host) => host !== LOCAL_HOST);
  return names.map((host) => ({
    host,
    nodes: homes.flatMap((home, index) => (home === host ? [nodeIdOf(index)] : [])),
  }));
}

/** "n1, n3 on edge and n2 on box"; empty where all live on this machine. */
export function placementWords(placement: HostPlacement | undefined, nodes: number): string {
  return otherHosts(placement, nodes)
    .map((one) => `${one.nodes.join(', ')} on ${one.host}`)
    .join(' and ');
}
