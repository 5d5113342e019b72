import type { ParentTables } from './trees.ts';

/** Trees, and children per relay: with as many children as trees, every node's uplink carries the content about once. */
const FANOUT = 8;
/** From here on fewer links per node matter more than shallow trees: the state of a link costs memory. */
const LARGE_NODES = 30_000;
const LARGE_FANOUT = 4;

/**
 * Trees in which every node but n0 relays in one tree only and is a leaf in the others (Castro et al., SplitStream,
 * 2003), so the loss of a node costs at most one stripe. Node i relays in tree (i − 1) mod count.
 */
export function interiorDisjointTrees(nodes: number): ParentTables {
  const fanout = nodes >= LARGE_NODES ? LARGE_FANOUT : FANOUT;
  return Array.from({ length: fanout }, (_, tree) => treeOf(nodes, tree, fanout));
}

function treeOf(nodes: number, tree: number, fanout: number): Int32Array {
  const parents = new Int32Array(nodes).fill(-1);
  const relays: number[] = [];
  for (let node = tree + 1; node < nodes; node += fanout) relays.push(node);
  // A heap of relays: the parent of the j-th is the ⌊(j − 1)/fanout⌋-th.
  relays.forEach((node, position) => {
    parents[node] = position === 0 ? 0 : (relays[Math.floor((position - 1) / fanout)] ?? 0);
  });
  hangLeaves(parents, relays, tree, fanout);
  return parents;
}

/** Leaves fill what relays have left, from the top; the few that do not fit go to the last relay. */
function hangLeaves(parents: Int32Array, relays: readonly number[], tree: number, fanout: number) {
  const free = relays.map((_, position) => {
    const below = Math.min(relays.length - 1 - position * fanout, fanout);
    return fanout - Math.max(0, below);
  });
  let at = 0;
  for (let node = 1; node < parents.length; node++) {
    if ((node - 1) % fanout === tree) continue;
    while (at < relays.length - 1 && (free[at] ?? 0) <= 0) at += 1;
    parents[node] = relays[at] ?? 0;
    free[at] = (free[at] ?? 0) - 1;
  }
}
