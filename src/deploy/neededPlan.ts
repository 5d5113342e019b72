import type { EffectivePolicy } from '../model/deploy.ts';
import { neededHosts, type DescribedHosts, type NeededHosts } from './neededHosts.ts';

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
  readonly upgrade?: { readonly from: string; readonly rollback: 'after-half' };
  /** Where nodes live; left out: here. */
  readonly hosts?: NonNullable<NeededHosts['hosts']>;
  /** Left out: a first start needs no more than usual. */
  readonly deadlineMs?: number;
}

/**
 * What a person would choose where the policy asks for less. Delays between continents: a run is degraded when its timing
 * is off by more than a tenth of the usual delay, and of these a machine that does other work too can keep that.
 */
const USUAL = { nodes: 5, latencyMs: [80, 200] } as const;

/** Of services that take their time, in eleven waves and with the rests between. */
const UPGRADE_DEADLINE_MS = 600_000;

export interface Surroundings {
  /** What may be active where it goes, and is another Capsule. */
  readonly replaced?: readonly string[];
  readonly hosts?: DescribedHosts;
}

/**
 * As usual, and at least as hard as the policy says. Undefined: no rehearsal is asked for, or none can be had with the hosts
 * that there are.
 */
export function neededPlan(
  capsuleHash: string,
  policy: EffectivePolicy | undefined,
  { replaced = [], hosts = {} }: Surroundings = {},
): NeededPlan | undefined {
  const homes = neededHosts(policy?.hosts, hosts);
  if (policy === undefined || homes === undefined) return undefined;
  const [min, max] = USUAL.latencyMs;
  return {
    capsuleHash,
    params: {
      nodes: Math.max(USUAL.nodes, policy.minNodes, homes.nodes),
      latencyMs: [Math.max(min, policy.minLatencyMs), Math.max(max, policy.minLatencyMs)],
      packetLoss: lossFor(policy.minPacketLoss),
    },
    chaos: { preset: policy.requireChaos ? 'crash-mid-deploy' : 'none' },
    ...(homes.hosts === undefined ? {} : { hosts: homes.hosts }),
    ...upgradeFor(policy, replaced),
  };
}

/** With a way back, whether the policy asks for it or not: it is the half of an upgrade that is needed in a hurry. */
function upgradeFor(
  { upgradeFrom, requireRollback }: EffectivePolicy,
  [from]: readonly string[],
): Pick<NeededPlan, 'upgrade' | 'deadlineMs'> {
  const isWanted = upgradeFrom === 'active' || requireRollback;
  if (from === undefined || !isWanted) return {};
  return { upgrade: { from, rollback: 'after-half' }, deadlineMs: UPGRADE_DEADLINE_MS };
}

/**
 * A run sends enough packets to tell whether a percent of them is lost (docs/network.md). Where less is asked for, so many do
 * not tell it apart from no loss: there links lose so much that the same packets show it.
 */
function lossFor(percent: number): number {
  return percent > 0 && percent < 1 ? 5 : percent;
}
