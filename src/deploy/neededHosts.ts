import type { HostDemand } from '../model/hostDemand.ts';
import { LOCAL_HOST, type HostKind } from '../model/hostKinds.ts';
import { OTHER_NODES } from '../model/hostPlacement.ts';

/** Hosts that a workspace describes, by name. */
export type DescribedHosts = Readonly<Record<string, HostKind>>;

export interface NeededHosts {
  /** So many nodes are needed for it. */
  readonly nodes: number;
  /** Of a plan; left out: all nodes may live here. */
  readonly hosts?: Readonly<Record<string, string | string[]>>;
}

const MOST_NODES = 10;

/** Where a policy's nodes could live, of the hosts that there are. Undefined: with these its demand cannot be met. */
export function neededHosts(
  demand: HostDemand | undefined,
  described: DescribedHosts,
): NeededHosts | undefined {
  const { kinds, minRemote = 0, distinctHosts = 1 } = demand ?? {};
  const isAccepted = (kind: HostKind) => kinds?.includes(kind) !== false;
  const mayBeHere = isAccepted(LOCAL_HOST);
  if (mayBeHere && minRemote === 0 && distinctHosts === 1) return { nodes: 0 };
  const others = Object.keys(described).filter((name) => {
    const kind = described[name];
    return kind !== undefined && isAccepted(kind);
  });
  const [first] = others;
  // n0 hands the Capsule out, and lives here unless it must not.
  const isHere = mayBeHere && minRemote < MOST_NODES;
  const own = isHere ? 1 : 0;
  if (first === undefined || others.length + own < distinctHosts) return undefined;
  return {
    nodes: Math.max(minRemote + own, distinctHosts),
    hosts: { ...(isHere ? {} : { n0: first }), [OTHER_NODES]: others.slice(0, MOST_NODES) },
  };
}
