import type { GraphNode, ProvenanceGraph } from '../../model/provenanceApi.ts';

/** One node of a chain as a tree has it. */
export interface TreeRow {
  /** The drawn lines in front of it, such as "│  └─ ". */
  readonly branch: string;
  readonly node: GraphNode;
}

/** The graph as a tree: every node below what it rests on, in the order things happened. */
export function treeRows({ nodes, edges }: ProvenanceGraph): TreeRow[] {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const below = new Map<string, GraphNode[]>();
  const attached = new Set<string>();
  for (const { from, to } of edges) {
    const node = byId.get(to);
    if (node === undefined || !byId.has(from)) continue;
    below.set(from, [...(below.get(from) ?? []), node]);
    attached.add(to);
  }
  const inOrder = (list: readonly GraphNode[]) => [...list].sort((a, b) => a.index - b.index);
  const rowsBelow = (id: string, indent: string): TreeRow[] =>
    inOrder(below.get(id) ?? []).flatMap((node, at, all) => {
      const isLast = at === all.length - 1;
      return [
        { branch: `${indent}${isLast ? '└─ ' : '├─ '}`, node },
        ...rowsBelow(node.id, `${indent}${isLast ? '   ' : '│  '}`),
      ];
    });
  return inOrder(nodes.filter(({ id }) => !attached.has(id))).flatMap((node) => [
    { branch: '', node },
    ...rowsBelow(node.id, ''),
  ]);
}
