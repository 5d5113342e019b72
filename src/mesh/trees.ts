import { LISTED_NODES, type LinkTable } from '../network/linkTable.ts';
import { disjointTrees } from './disjointTrees.ts';
import { interiorDisjointTrees } from './interiorDisjointTrees.ts';
import { nextHopsFrom } from './paths.ts';

/** One node's place in the planned trees: chunk c is pushed along tree c mod count. */
export interface NodeTrees {
  readonly count: number;
  /** By tree: who pushes to this node; -1: nobody (the root). */
  readonly parents: readonly number[];
  /** By tree: whom this node pushes to. */
  readonly children: readonly (readonly number[])[];
}

/** By tree: the parent of each node; -1 for n0. */
export type ParentTables = readonly Int32Array[];

export interface TreePlan {
  readonly count: number;
  neighboursOf(node: number): readonly number[];
  treesOf(node: number): NodeTrees;
  /** By destination, the neighbour on a shortest path; -1 unreachable or itself. Empty above LISTED_NODES nodes. */
  nextHopsOf(node: number): readonly number[];
}

/** A full mesh up to this size has one tree per receiver: n0 → r → all others. */
const STRIPED_NODES = 32;

function stripedTrees(nodes: number): ParentTables {
  return Array.from({ length: nodes - 1 }, (_, tree) => {
    const relay = tree + 1;
    const parents = new Int32Array(nodes).fill(relay);
    parents[0] = -1;
    parents[relay] = 0;
    return parents;
  });
}

const NONE: readonly number[] = [];

/** By tree and node, whom it pushes to. Most nodes are leaves of most trees: they share one empty list. */
function childrenOf(tables: ParentTables, nodes: number): (readonly number[])[][] {
  return tables.map((parents) => {
    const children = new Array<readonly number[]>(nodes).fill(NONE);
    for (let node = 0; node < nodes; node++) {
      const parent = parents[node] ?? -1;
      if (parent < 0) continue;
      const known = children[parent] ?? NONE;
      if (known === NONE) children[parent] = [node];
      else (known as number[]).push(node);
    }
    return children;
  });
}

function treeNeighbours(
  node: number,
  tables: ParentTables,
  children: readonly (readonly (readonly number[])[])[],
): readonly number[] {
  const found = new Set<number>();
  tables.forEach((parents, tree) => {
    const parent = parents[node] ?? -1;
    if (parent >= 0) found.add(parent);
    for (const child of children[tree]?.[node] ?? NONE) found.add(child);
  });
  return [...found].sort((a, b) => a - b);
}

/**
 * Plans the dissemination trees of a run, rooted at n0. A full mesh of up to 32 nodes gets one tree per receiver, a
 * larger one interior-disjoint trees (each node relays in one of them, as in SplitStream) and only their edges as
 * links; other topologies get as many edge-disjoint trees as are found, a breadth-first one at least.
 */
export function planTrees(table: LinkTable): TreePlan {
  const { nodes, complete } = table;
  const sparse = complete && nodes > STRIPED_NODES;
  const tables = sparse
    ? interiorDisjointTrees(nodes)
    : complete
      ? stripedTrees(nodes)
      : disjointTrees(table);
  const children = childrenOf(tables, nodes);
  return {
    count: tables.length,
    neighboursOf: (node) =>
      sparse ? treeNeighbours(node, tables, children) : table.neighboursOf(node),
    treesOf: (node) => ({
      count: tables.length,
      parents: tables.map((parents) => parents[node] ?? -1),
      children: children.map((tree) => tree[node] ?? NONE),
    }),
    nextHopsOf: (node) => (nodes > LISTED_NODES ? [] : nextHopsFrom(table, node)),
  };
}
