import type { LinkTable } from '../network/linkTable.ts';
import type { ParentTables } from './trees.ts';

const MOST_TREES = 8;
/** The greedy search looks at every link once per node and tree. */
const SEARCHED_NODES = 512;

/** A tree that grows from n0 over links no other tree uses. */
interface GrowingTree {
  readonly parents: Int32Array;
  /** Nodes of the tree in order of joining: nearer to n0 first. */
  readonly members: number[];
}

function breadthFirst(table: LinkTable): Int32Array {
  const parents = new Int32Array(table.nodes).fill(-1);
  const queue = [0];
  for (const node of queue) {
    for (const next of table.neighboursOf(node)) {
      if (next === 0 || parents[next] !== -1) continue;
      parents[next] = node;
      queue.push(next);
    }
  }
  return parents;
}

/** Adds one node over an unused link, as near to n0 as there is one. False when the tree can not grow. */
function growOne(tree: GrowingTree, table: LinkTable, used: Set<number>): boolean {
  for (const from of tree.members) {
    // n0 gives each tree one link only, else the first tree takes them all.
    if (from === 0 && tree.members.length > 1) continue;
    for (const to of table.neighboursOf(from)) {
      const link = from * table.nodes + to;
      if (to === 0 || tree.parents[to] !== -1 || used.has(link)) continue;
      used.add(link);
      tree.parents[to] = from;
      tree.members.push(to);
      return true;
    }
  }
  return false;
}

function growAll(table: LinkTable, count: number): ParentTables | undefined {
  const used = new Set<number>();
  const trees = Array.from({ length: count }, () => ({
    parents: new Int32Array(table.nodes).fill(-1),
    members: [0],
  }));
  for (let joined = 1; joined < table.nodes; joined++) {
    for (const tree of trees) if (!growOne(tree, table, used)) return undefined;
  }
  return trees.map((tree) => tree.parents);
}

/** As many edge-disjoint spanning trees from n0 as a greedy search finds; one breadth-first tree at least. */
export function disjointTrees(table: LinkTable): ParentTables {
  const most = Math.min(MOST_TREES, table.neighboursOf(0).length);
  if (table.nodes <= SEARCHED_NODES) {
    for (let count = most; count > 1; count--) {
      const trees = growAll(table, count);
      if (trees !== undefined) return trees;
    }
  }
  return [breadthFirst(table)];
}
