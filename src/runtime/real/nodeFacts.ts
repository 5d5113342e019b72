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
  /** The Capsule of this rehearsal: what every node has to run. In an upgrade, the one that the node was to run last. */
  readonly manifestOf: (node: NodeRecord) => Manifest;
  readonly observer: RunObserver;
  readonly refused: RefusedBytes;
  /** Whether a partition that was never healed cuts this link. */
  readonly isCut: (from: number, to: number) => boolean;
}

/** What was observed of every node, for the invariants. */
export function nodeFacts(context: FactsContext): NodeFacts[] {
  const reachable = reachableNodes(context);
  return context.nodes.map((node) => {
    const difference = contentDifference(node, context.manifestOf(node));
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

/**
 * Of what lay on the node's disk when it was READY: null when the node ran nothing, empty when it was exactly the signed content, else
 * a sentence.
 */
export function differenceWhenReady(node: NodeRecord, manifest: Manifest): string | null {
  if (node.contents === undefined || node.contents.length === 0) return null;
  const other = otherThanSigned(node.contents, manifest);
  if (other === undefined) return '';
  return `${node.id} ran other content than was signed as "${other.service}"${fileOf(other)}.`;
}

function otherThanSigned(contents: readonly ServiceContent[], manifest: Manifest) {
  const signed = new Map(
    packedServices(manifest).map(({ name, archive }) => [name, archive.digest]),
  );
  return contents.find(({ service, digest }) => signed.get(service) !== digest);
}

/** The same, and of what lay there at the end. */
function contentDifference(node: NodeRecord, manifest: Manifest): string | null {
  const whenReady = differenceWhenReady(node, manifest);
  if (whenReady !== '') return whenReady;
  if (node.contentsAtEnd === undefined) {
    if (node.status !== 'ready') return '';
    return `${node.id} did not say at the end what lay on its disk.`;
  }
  const atEnd = otherThanSigned(node.contentsAtEnd, manifest);
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
