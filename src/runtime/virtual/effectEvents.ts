import { EFFECT, type EffectKind, HALT_REASONS } from '../../mesh/io.ts';
import type { MeshEventBody } from '../../model/events.ts';
import { nodeIdOf } from '../../model/names.ts';
import { type Drift, PHASES } from '../../model/plan.ts';
import type { VirtualNode } from './virtualNode.ts';

const HOP_STATUS = ['invalid', 'valid', 'unchecked'] as const;
const PHASE_STATUS = ['started', 'ok', 'error'] as const;

/** Why a node halted: names the node, and the service when its host's Capsule had drifted. */
export function haltSentence(node: VirtualNode, reason: number, drift: Drift | undefined): string {
  const nodeId = nodeIdOf(node.index);
  if (HALT_REASONS[reason] === 'every-neighbour-refused') {
    return `${nodeId} halted: every neighbour sent content that does not match the signature.`;
  }
  const what =
    drift === undefined ? '' : `; service "${drift.service}" is at commit ${drift.commit} there`;
  return `${nodeId} halted: the Capsule it was offered does not match the signature${what}.`;
}

/** The event an effect stands for; null when it stands for none. `total`: chunks of the Capsule. */
export function eventOfEffect(
  node: VirtualNode,
  kind: EffectKind,
  a: number,
  b: number,
  c: number,
  total: number,
  drift: Drift | undefined,
): MeshEventBody | null {
  const nodeId = nodeIdOf(node.index);
  switch (kind) {
    case EFFECT.phase: {
      const phase = PHASES[a] ?? 'boot';
      const status = PHASE_STATUS[b] ?? 'error';
      const event = { type: 'phase', nodeId, phase, status } as const;
      return status === 'error' ? { ...event, details: haltSentence(node, c, drift) } : event;
    }
    case EFFECT.hop:
      return { type: 'hop', nodeId, from: nodeIdOf(a), status: HOP_STATUS[b] ?? 'invalid' };
    case EFFECT.chunkHeld: {
      const have = node.protocol?.have ?? 0;
      const status = c === 1 ? 'redelivered' : 'stored';
      return { type: 'chunk', nodeId, from: nodeIdOf(b), chunk: a, have, total, status };
    }
    case EFFECT.refusePeer:
      return {
        type: 'refusal',
        nodeId,
        from: nodeIdOf(a),
        status: b === 0 ? 'manifest' : 'peer',
      };
    case EFFECT.refuseChunk:
      return { type: 'refusal', nodeId, from: nodeIdOf(b), status: 'chunk', chunk: a };
    case EFFECT.halt:
      return { type: 'node', nodeId, status: 'halted', details: haltSentence(node, a, drift) };
    case EFFECT.startServices:
    case EFFECT.probed:
    case EFFECT.probesDone:
      return null;
  }
}
