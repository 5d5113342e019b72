import { EFFECT, type EffectKind } from '../../mesh/io.ts';
import type { MeshEventBody } from '../../model/events.ts';
import { nodeIdOf } from '../../model/nodeIds.ts';
import type { Plan } from '../../model/plan.ts';
import { eventOfEffect, haltSentence } from '../effectEvent.ts';
import { haltSentence as driftSentence } from '../haltSentence.ts';
import type { Detail } from './options.ts';
import type { VirtualNode } from './virtualNode.ts';

export interface EffectEventsOptions {
  readonly plan: Plan;
  readonly detail: Detail;
  /** Of the Capsule. */
  readonly chunks: number;
  readonly tell: (body: MeshEventBody) => void;
}

const EXPLAINED: readonly EffectKind[] = [EFFECT.phase, EFFECT.halt, EFFECT.upgradeHalted];
const MANY: readonly EffectKind[] = [EFFECT.chunkHeld, EFFECT.hop];

/** Tells what nodes of the virtual world do, as far as the run is recorded. */
export class EffectEvents {
  readonly #options: EffectEventsOptions;

  constructor(options: EffectEventsOptions) {
    this.#options = options;
  }

  record(node: VirtualNode, kind: EffectKind, a: number, b: number, c: number): void {
    const { detail, chunks, tell } = this.#options;
    if (detail === 'run' || (detail === 'nodes' && MANY.includes(kind))) return;
    const event = eventOfEffect(
      { kind, a, b, c },
      {
        node: node.index,
        have: node.protocol?.have ?? 0,
        total: chunks,
        explanation: EXPLAINED.includes(kind) ? this.#whyNotSigned(node) : '',
      },
    );
    if (event !== null) tell(event);
  }

  /** @param reason index in HALT_REASONS */
  whyHalted(node: VirtualNode, reason: number): string {
    return haltSentence(reason, { node: node.index, explanation: this.#whyNotSigned(node) });
  }

  #whyNotSigned(node: VirtualNode): string {
    const nodeId = nodeIdOf(node.index);
    const reason = `${nodeId} halted: what it was offered is not signed.`;
    return driftSentence(this.#options.plan, nodeId, reason);
  }
}
