import { EFFECT, HALT_REASONS } from '../mesh/io.ts';
import type { MeshEventBody } from '../model/events.ts';
import { nodeIdOf } from '../model/nodeIds.ts';
import { NODE_PHASES } from '../model/plan.ts';

export interface Effect {
  readonly kind: number;
  readonly a: number;
  readonly b: number;
  readonly c: number;
}

export interface EffectContext {
  readonly node: number;
  /** Chunks it holds after this effect. */
  readonly have: number;
  readonly total: number;
  /** Why the phase ends in an error, as the agent explained it; empty when it did not. */
  readonly explanation: string;
}

const HOP_STATUS = ['invalid', 'valid', 'unchecked'] as const;
/** What `b` of an effect `phase` stands for. */
export const PHASE_STATUS = ['started', 'ok', 'error'] as const;

/** The event an effect of a node stands for; null when it stands for none. Indices out of range make none either. */
export function eventOfEffect(effect: Effect, context: EffectContext): MeshEventBody | null {
  const { kind, a, b, c } = effect;
  const nodeId = nodeIdOf(context.node);
  switch (kind) {
    case EFFECT.phase:
      return phaseEvent(effect, context);
    case EFFECT.hop: {
      const status = HOP_STATUS[b];
      return status === undefined ? null : { type: 'hop', nodeId, from: nodeIdOf(a), status };
    }
    case EFFECT.chunkHeld: {
      const { have, total } = context;
      const status = c === 1 ? 'redelivered' : 'stored';
      return { type: 'chunk', nodeId, from: nodeIdOf(b), chunk: a, have, total, status };
    }
    case EFFECT.refusePeer:
      return {
        type: 'refusal',
        nodeId,
        from: nodeIdOf(a),
        status: b === 0 ? 'manifest' : 'peer',
        ...(context.explanation === '' ? {} : { details: context.explanation }),
      };
    case EFFECT.refuseChunk:
      return { type: 'refusal', nodeId, from: nodeIdOf(b), status: 'chunk', chunk: a };
    case EFFECT.halt:
      return { type: 'node', nodeId, status: 'halted', details: haltSentence(a, context) };
    case EFFECT.staged:
      return { type: 'upgrade', nodeId, status: 'staged' };
    case EFFECT.upgradeHalted:
      return { type: 'upgrade', nodeId, status: 'halted', details: haltSentence(a, context) };
    default:
      return null;
  }
}

function phaseEvent({ a, b, c }: Effect, context: EffectContext): MeshEventBody | null {
  const phase = NODE_PHASES[a];
  const status = PHASE_STATUS[b];
  if (phase === undefined || status === undefined) return null;
  const event = { type: 'phase', nodeId: nodeIdOf(context.node), phase, status } as const;
  if (status !== 'error') return event;
  return { ...event, details: c >= 0 ? haltSentence(c, context) : context.explanation };
}

/** Why the node halted: index in HALT_REASONS. */
export function haltSentence(
  reason: number,
  { node, explanation }: Pick<EffectContext, 'node' | 'explanation'>,
): string {
  if (HALT_REASONS[reason] === 'every-neighbour-refused') {
    return `${nodeIdOf(node)} halted: every neighbour sent content that does not match the signature.`;
  }
  return explanation;
}
