import type { ServiceContent } from '../../wire/report.ts';
import type { NodeFacts } from '../../mesh/invariants.ts';
import type { TreePlan } from '../../mesh/trees.ts';
import { packedServices, type Manifest } from '../../model/capsule.ts';
import type { RunObserver } from '../observe.ts';
import type { NodeRecord } from './nodeRecord.ts';
import type { RefusedBytes } from './refusedBytes.ts';

export interface FactsContext {
  readonly nodes: readonly NodeRecord[];
  readonly trees: TreePlan;
  /** The Capsule of this rehearsal: what every node has to run. */
  readonly manifest: Manifest;
  readonly observer: RunObserver;
  readonly refused: RefusedBytes;
  /** Whether a partition that was never healed cuts this link. */
  readonly isCut: (from: number, to: number) => boolean;
}

/** What was observed of every node, for the invariants. */
export function nodeFacts(context: FactsContext): NodeFacts[] {
  const reachable = reachableNodes(context);
  return context.nodes.map((node) => {
    const difference = contentDifference(node, context.manifest);
    return {
      nodeId: node.id,
      healthy: context.observer.isHealthy(node.index),
      reachable: reachable.has(node.index),
      health: node.health,
      verifiedBeforeStart: !node.startedUnverified,
      runsSignedContent: difference === null ? null : difference === '',
      ...(difference === null || difference === '' ? {} : { contentDetails: difference }),
      comparedAtEnd: node.contentsAtEnd !== undefined,
      relayedRefused: context.refused.relayedBy(node.index),
      refused: context.observer.refused(node.index),
    };
  });
}

/** Null when the node ran nothing, empty when it ran exactly the signed content, else a sentence. */
function contentDifference(node: NodeRecord, manifest: Manifest): string | null {
  if (node.contents === undefined || node.contents.length === 0) return null;
  const signed = new Map(
    packedServices(manifest).map(({ name, archive }) => [name, archive.digest]),
  );
  const difference = (contents: readonly ServiceContent[]) =>
    contents.find(({ service, digest }) => signed.get(service) !== digest);
  const atStart = difference(node.contents);
  if (atStart !== undefined) {
    return `${node.id} ran other content than was signed as "${atStart.service}"${fileOf(atStart)}.`;
  }
  if (node.contentsAtEnd === undefined) {
    if (node.status !== 'ready') return '';
    return `${node.id} did not say at the end what lay on its disk.`;
  }
  const atEnd = difference(node.contentsAtEnd);
  if (atEnd === undefined) return '';
  return `Signed files of "${atEnd.service}" were changed on ${node.id} while it ran${fileOf(atEnd)}.`;
}

function fileOf({ changed }: ServiceContent): string {
  return changed === undefined ? '' : `: ${changed}`;
}

/** Nodes that were to work together with n0 when the run ended: one that failed was as well. */
function reachableNodes({ nodes, trees, isCut }: FactsContext): Set<number> {
  const works = (index: number) => {
    const status = nodes[index]?.status;
    return status !== undefined && status !== 'down' && status !== 'halted';
  };
  const reached = new Set<number>(works(0) ? [0] : []);
  for (const node of reached) {
    for (const next of trees.neighboursOf(node)) {
      if (works(next) && !isCut(node, next) && !isCut(next, node)) reached.add(next);
    }
  }
  return reached;
}
