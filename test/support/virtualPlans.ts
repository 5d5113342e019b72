import { drawUint32, drawUnit } from '../../src/base/random.ts';
import { nodeIdOf } from '../../src/model/nodeIds.ts';
import { type Fault, type Plan, type PlanInput, planSchema } from '../../src/model/plan.ts';
import type { LinkSettings } from '../../src/model/topology.ts';
import {
  runVirtual,
  type VirtualRun,
  type VirtualRunOptions,
} from '../../src/runtime/virtual/run.ts';

export const CAPSULE_HASH = '5'.repeat(64);

export function virtualPlan(input: Partial<PlanInput> = {}): Plan {
  return planSchema.parse({ capsuleHash: CAPSULE_HASH, world: 'virtual', ...input });
}

export function virtualOptions(
  plan: Plan,
  changes: Partial<VirtualRunOptions> = {},
): VirtualRunOptions {
  return {
    simId: '0b8f8f5e-7c1d-4c38-9a55-6a1d6f5c2e11',
    plan,
    chunkSizes: Array.from({ length: 20 }, (_, index) => 40_000 + 1000 * index),
    manifestBytes: 4000,
    services: ['gateway', 'orders'],
    startedAt: Date.UTC(2026, 0, 1),
    environment: { os: 'any', arch: 'any', node: 'v24', product: 'mesh-sim-studio test' },
    ...changes,
  };
}

export function rehearse(
  input: Partial<PlanInput>,
  changes: Partial<VirtualRunOptions> = {},
): Promise<VirtualRun> {
  return runVirtual(virtualOptions(virtualPlan(input), changes));
}

/** Draws of one seed, one after the other. */
class Draws {
  readonly #seed: number;
  #count = 0;

  constructor(seed: number) {
    this.#seed = seed;
  }

  unit(): number {
    return drawUnit(this.#seed, 0x7e57, this.#count++);
  }

  /** From `low` to `high`, both included. */
  whole(low: number, high: number): number {
    return low + (drawUint32(this.#seed, 0x7e57, this.#count++) % (high - low + 1));
  }

  chance(probability: number): boolean {
    return this.unit() < probability;
  }
}

/** Faults any mesh must survive: what is cut heals, who is killed comes back, and an honest way to n0 remains. */
function randomFault(draws: Draws, nodes: number, mayAlter: boolean): Fault {
  const node = nodeIdOf(draws.whole(1, nodes - 1));
  const phases = ['boot', 'verify', 'receive', 'start', 'healthy'] as const;
  const phase = phases[draws.whole(0, 4)] ?? 'receive';
  const when = draws.chance(0.5)
    ? { atMs: draws.whole(0, 2500) }
    : { node: nodeIdOf(draws.whole(0, nodes - 1)), phase, progress: draws.unit() };
  const kind = draws.whole(0, mayAlter ? 4 : 3);
  if (kind === 0) {
    const kill = draws.chance(0.15) ? 'n0' : node;
    return { when, do: { kill, restartAfterMs: draws.whole(0, 1500) } };
  }
  if (kind === 1) {
    const cut = draws.whole(1, nodes - 1);
    const all = Array.from({ length: nodes }, (_, index) => nodeIdOf(index));
    const sides = { from: all.slice(0, cut), to: all.slice(cut), oneWay: draws.chance(0.4) };
    return { when, do: { partition: sides, healAfterMs: draws.whole(0, 2500) } };
  }
  if (kind === 2) return { when, do: { corruptChunks: { to: node, count: draws.whole(1, 2) } } };
  if (kind === 3) {
    const burst = { p: 0.03, r: 0.15, lossGood: 0, lossBad: 0.8 };
    const loss: LinkSettings['loss'] = { kind: 'gilbert-elliott', ...burst };
    const degraded = { from: nodeIdOf(draws.whole(0, nodes - 1)), to: node, loss };
    if (degraded.from !== node) return { when, do: { degradeLink: degraded } };
    return { when, do: { slow: node, factor: draws.whole(1, 5) } };
  }
  return { when: { atMs: 0 }, do: { byzantine: node } };
}

/** A random plan that must pass: 2 to 10 nodes, 0 to 30 % loss, random chaos. */
export function randomPlan(seed: number): Plan {
  const draws = new Draws(seed);
  const nodes = draws.whole(2, 10);
  const minMs = draws.whole(0, 120);
  const topologies = ['uniform', 'uniform', 'ring', 'star'] as const;
  const kind = topologies[draws.whole(0, 3)] ?? 'uniform';
  // One altering node can cut off others in a ring or star, and the only receiver among two.
  const mayAlter = kind === 'uniform' && nodes > 2;
  const faults = Array.from({ length: draws.whole(0, 4) }, () =>
    randomFault(draws, nodes, mayAlter),
  );
  const altering = faults.filter(({ do: effect }) => 'byzantine' in effect);
  const loss = draws.chance(0.3) ? 0 : draws.whole(0, 30);
  return virtualPlan({
    seed,
    params: {
      nodes,
      latencyMs: [minMs, minMs + draws.whole(0, 150)],
      packetLoss: loss,
    },
    topology: kind === 'star' ? { kind, centre: nodeIdOf(draws.whole(0, nodes - 1)) } : { kind },
    ...(draws.chance(0.25)
      ? {
          bandwidth: {
            model: draws.chance(0.5) ? ('uplink' as const) : ('link' as const),
            mbps: draws.whole(5, 100),
          },
        }
      : {}),
    chaos: {
      faults: altering.length > 1 ? faults.filter(({ do: e }) => !('byzantine' in e)) : faults,
    },
    deadlineMs: 120_000,
  });
}
