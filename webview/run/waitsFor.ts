import type { Plan } from '../../src/model/plan.ts';
import type { NodeView } from '../../src/model/runView.ts';
import { nodeIndexOf } from '../../src/model/nodeIds.ts';

/** Whether a link leads from one node to another, both by index. */
export type Linked = (from: number, to: number) => boolean;

/** As model/linkLayout.ts has it. */
export function linkedBy({
  params: { nodes },
  topology,
}: Pick<Plan, 'params' | 'topology'>): Linked {
  switch (topology.kind) {
    case 'uniform':
    case 'regions':
      return () => true;
    case 'ring':
      return (one, other) => [1, nodes - 1].includes(Math.abs(one - other));
    case 'star': {
      const centre = nodeIndexOf(topology.centre);
      return (one, other) => one === centre || other === centre;
    }
    case 'custom': {
      const keyOf = (from: number, to: number): number => from * nodes + to;
      const links = new Set(
        topology.links.map(({ from, to }) => keyOf(nodeIndexOf(from), nodeIndexOf(to))),
      );
      return (from, to) => links.has(keyOf(from, to));
    }
  }
}

/**
 * By node, the crashed, halted and failed nodes without which the Capsule can not reach it: every way from who holds it
 * leads through them, and a way is made of nodes that are linked in both directions. Empty for a node that has it, or can
 * still get it.
 */
export function waitsFor(nodes: readonly NodeView[], linked: Linked): string[][] {
  const joined: Linked = (one, other) => linked(one, other) && linked(other, one);
  const waits = nodes.map((): string[] => []);
  if (!nodes.some(isGone)) return waits;
  const reached = spread(nodes, joined, holdersOf(nodes));
  nodes.forEach((node, index) => {
    if (isGone(node) || reached.has(index)) return;
    const cutOff = spread(nodes, joined, [index]);
    waits[index] = nodes
      .filter((other, at) => isGone(other) && [...cutOff].some((inside) => joined(inside, at)))
      .map(({ nodeId }) => nodeId);
  });
  return waits;
}

function isGone({ state }: NodeView): boolean {
  return state === 'crashed' || state === 'halted' || state === 'failed';
}

/** Nodes that verified the manifest, and n0, which takes it from the store. */
function holdersOf(nodes: readonly NodeView[]): number[] {
  return nodes.flatMap((node, index) => {
    const { phase, state } = node;
    const holds = index === 0 || state === 'ready' || (phase !== 'boot' && phase !== 'verify');
    return holds && !isGone(node) ? [index] : [];
  });
}

/** Who can be reached from `sources` without a way through a node that is gone, the sources among them. */
function spread(
  nodes: readonly NodeView[],
  joined: Linked,
  sources: readonly number[],
): ReadonlySet<number> {
  const reached = new Set(sources);
  // A set that grows while it is walked is walked to its new end.
  for (const from of reached) {
    nodes.forEach((node, to) => {
      if (!reached.has(to) && !isGone(node) && joined(from, to)) reached.add(to);
    });
  }
  return reached;
}
