import type { GraphNode, ProvenanceGraph, UpgradeEdge } from '../../model/provenanceApi.ts';

/** One node of a chain as a tree has it. */
export interface TreeRow {
  /** The drawn lines in front of it, such as "│  └─ ". */
  readonly branch: string;
  readonly node: GraphNode;
}

/** "Upgrade from 8c0c1ab, entry 0, to f31a009, entry 4, by entry 6": both Capsules, and the evidence that says so. */
export function upgradeSubject({ nodes }: ProvenanceGraph, edge: UpgradeEdge): string {
  const node = (id: string) => nodes.find((one) => one.id === id);
  const capsule = (id: string) => {
    const found = node(id);
    return found === undefined
      ? 'a Capsule that is not here'
      : `${found.capsuleHash.slice(0, 7)}, entry ${found.index},`;
  };
  const evidence = node(edge.evidence);
  const by = evidence === undefined ? 'evidence that is not here' : `entry ${evidence.index}`;
  return `Upgrade from ${capsule(edge.from)} to ${capsule(edge.to)} by ${by}`;
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
