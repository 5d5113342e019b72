import { nodeIdOf } from './nodeIds.ts';

/** Service → the nodes that run it, as a plan says it. One that is not named runs on every node. */
export type Placement = Readonly<Record<string, readonly string[]>>;

export function isPlacedOn(
  placement: Placement | undefined,
  service: string,
  nodeId: string,
): boolean {
  // A service may be called as a property of every object is.
  return placement === undefined || !Object.hasOwn(placement, service)
    ? true
    : placement[service]?.includes(nodeId) === true;
}

/** Indices of the nodes that run a service, ascending. */
export function placesOf(
  placement: Placement | undefined,
  service: string,
  nodes: number,
): number[] {
  const all = Array.from({ length: nodes }, (_, index) => index);
  return all.filter((index) => isPlacedOn(placement, service, nodeIdOf(index)));
}
