import type { CompiledPlan } from '../../mesh/compiledPlan.ts';
import type { LinkMemory } from '../../mesh/linkMemory.ts';
import { MeshNode } from '../../mesh/node.ts';
import type { VirtualNode } from './virtualNode.ts';
import { startsBeside } from '../../model/upgradeChoices.ts';

export interface ProtocolOptions {
  readonly compiled: CompiledPlan;
  /** Of the Capsule. */
  readonly chunks: number;
  /** What its disk has, of a node that crashed. */
  readonly held: Uint32Array | null;
  readonly hasManifest: boolean;
  /** Its latencies are measured. */
  readonly probes: boolean;
}

/** The protocol of a node, in its present incarnation. */
export function protocolOf(
  node: VirtualNode,
  links: LinkMemory,
  { compiled, chunks, held, hasManifest, probes }: ProtocolOptions,
): MeshNode {
  const { index, incarnation, runs } = node;
  const { plan, table, trees } = compiled;
  return new MeshNode(
    {
      index,
      nodes: plan.params.nodes,
      neighbours: trees.neighboursOf(index),
      trees: trees.treesOf(index),
      nextHops: probes ? trees.nextHopsOf(index) : [],
      chunkCount: chunks,
      incarnation,
      held,
      hasManifest,
      source: index === 0,
      verify: plan.params.verifySignatures,
      plannedLoss: table.meanLoss,
      paced: table.paced,
      ...(plan.upgrade === undefined ? {} : { runs }),
      isBeside: startsBeside(plan.upgrade),
    },
    node,
    links,
  );
}
