import type { LinkTable } from '../network/linkTable.ts';

/** One node's place in the planned trees: chunk c is pushed along tree c mod count. */
export interface NodeTrees {
  readonly count: number;
  /** By tree: who pushes to this node; -1: nobody (the root). */
  readonly parents: readonly number[];
  /** By tree: whom this node pushes to. */
  readonly children: readonly (readonly number[])[];
}

export interface TreePlan {
  readonly count: number;
  neighboursOf(node: number): readonly number[];
  treesOf(node: number): NodeTrees;
  /** By destination, the neighbour on a shortest path; -1 unreachable. Empty for more than 64 nodes. */
  nextHopsOf(node: number): readonly number[];
}

/** Plans the dissemination trees of a run, rooted at n0. */
export function planTrees(table: LinkTable): TreePlan {
  void table;
  throw new Error('pending');
}
