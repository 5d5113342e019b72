import type { EffectivePolicy } from '../model/deploy.ts';

/** The rehearsal a gate asks for, as a body for `POST /api/mesh-sim/start`. */
export interface NeededPlan {
  readonly capsuleHash: string;
  readonly params: {
    readonly nodes: number;
    readonly latencyMs: [min: number, max: number];
    /** Percent. */
    readonly packetLoss: number;
  };
  readonly chaos: { readonly preset: 'none' | 'crash-mid-deploy' };
}

/** What a person would choose where the policy asks for less. */
const USUAL = { nodes: 5, latencyMs: [40, 180], packetLoss: 0 } as const;

/** As usual, and at least as hard as the policy says. Undefined: no rehearsal is asked for. */
export function neededPlan(
  capsuleHash: string,
  policy: EffectivePolicy | undefined,
): NeededPlan | undefined {
  if (policy === undefined) return undefined;
  const [min, max] = USUAL.latencyMs;
  return {
    capsuleHash,
    params: {
      nodes: Math.max(USUAL.nodes, policy.minNodes),
      latencyMs: [Math.max(min, policy.minLatencyMs), Math.max(max, policy.minLatencyMs)],
      packetLoss: Math.max(USUAL.packetLoss, policy.minPacketLoss),
    },
    chaos: { preset: policy.requireChaos ? 'crash-mid-deploy' : 'none' },
  };
}
